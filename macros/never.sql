{# A day that never comes: the end of what has no end. #}
{% macro never() %}9999999{% endmacro %}

{# 0001-01-01, the earliest day that staging reads. #}
{% macro since_ever() %}-719162{% endmacro %}
