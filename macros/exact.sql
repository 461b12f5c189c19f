{# Exact decimals: running totals that add an amount and take it away again come back to zero, and a sum does not
   depend on the order in which an engine adds. #}
{% macro exact(value) -%}
    cast({{ value }} as numeric(38, 12))
{%- endmacro %}
