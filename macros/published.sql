{# What a person sees: half up, with a nudge that makes engines agree that differ in the last bit. #}
{% macro published(value, decimals) -%}
    {%- set power = 10 ** decimals -%}
    cast(floor({{ value }} * {{ power }} + 0.5000001) / {{ power }}.0 as {{ dbt.type_numeric() }})
{%- endmacro %}
