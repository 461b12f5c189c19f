{# The one spelling of a seed's row: texts quoted, numbers, booleans and dates written alike, so that 0.10 and 0.1 are
   the same configuration. Null where a cell cannot be read, which int_checks__seeds finds. #}
{% macro canonical_row(node) -%}
    {%- for column in node.columns.values() -%}
    {%- set cell = trimmed(column.name) -%}
    case when {{ cell }} is null then '' else {{ canonical_cell(cell, column.config.meta.kind) }} end
    {{- " || ',' || " if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro canonical_cell(cell, kind) -%}
    {%- if kind == 'number' -%} {{ canonical_number(try_cast_to(cell, 'decimal(38, 12)')) }}
    {%- elif kind == 'boolean' -%} {{ canonical_text(read_boolean(cell), kind) }}
    {%- elif kind == 'date' -%} {{ canonical_text(read_date(cell), kind) }}
    {%- else -%} '"' || replace({{ cell }}, '"', '""') || '"'
    {%- endif -%}
{%- endmacro %}

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
