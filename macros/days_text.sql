{# A number of days as words: 1 day, 12 days. #}
{% macro days_text(days, before, after) -%}
    '{{ before }}' || cast({{ days }} as {{ dbt.type_string() }})
    || case when {{ days }} = 1 then ' day' else ' days' end || '{{ after }}'
{%- endmacro %}
