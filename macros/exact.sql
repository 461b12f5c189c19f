{# Running totals add an amount and take it away again; only exact decimals come back to zero. #}
{% macro exact(value) -%}
    cast({{ value }} as numeric(38, 12))
{%- endmacro %}
