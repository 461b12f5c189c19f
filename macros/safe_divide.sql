{# Null when there is nothing to divide by. #}
{% macro safe_divide(numerator, denominator) -%}
    cast({{ numerator }} as {{ type_double() }}) / cast(nullif({{ denominator }}, 0) as {{ type_double() }})
{%- endmacro %}
