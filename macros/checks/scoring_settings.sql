{# The vars that scoring uses, one row each; lists and mappings sorted, because their order means nothing. #}
{% macro scoring_settings() %}
    {%- set settings = {
        'contract_end_is_inclusive': var('contract_end_is_inclusive') | string | lower,
        'overdue_grace_days': var('overdue_grace_days') | string,
        'payment_terms_days': var('payment_terms_days') | string,
        'renewal_grace_days': var('renewal_grace_days') | string,
        'source_timezone': var('source_timezone') | string,
        'absent_sources': var('absent_sources') | sort | join(' '),
        'date_formats': var('date_formats') | dictsort | map('join', '=') | join(' ')
    } -%}
    {%- for name, text in settings.items() %}
    select '"{{ name }}","{{ text | replace("'", "''") }}"' as row_text
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
