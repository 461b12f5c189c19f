{# A value reaches a bound when it is within 1e-9 of it, so that 0.7999999999999999 is 0.8. #}
{% macro reaches(value, bound) -%}
    {{ value }} >= {{ bound }} - 0.000000001
{%- endmacro %}
