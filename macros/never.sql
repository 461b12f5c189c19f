{# A day that never comes: the end of what has no end. #}
{% macro never() %}9999999{% endmacro %}
