{# A double that does not depend on the order in which an engine adds. #}
{% macro exact_sum(value, over='') -%}
    cast(sum({{ exact(value) }}) {{ 'over ' ~ over if over }} as {{ type_double() }})
{%- endmacro %}
