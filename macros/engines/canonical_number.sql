{# A number's one spelling, from its text: 0.10, 1e-1 and .1 are all 0.1. Through decimal, not double, whose text differs
   between engines. #}
{% macro canonical_number(text) -%}
    trim(trailing '.' from trim(trailing '0' from cast(cast({{ text }} as decimal(38, 12)) as {{ dbt.type_string() }})))
{%- endmacro %}
