{# A number as a person reads it, with a fixed count of decimals. #}
{% macro decimal_text(value, decimals) -%}
    cast(cast({{ published(value, decimals) }} as numeric(28, {{ decimals }})) as {{ dbt.type_string() }})
{%- endmacro %}
