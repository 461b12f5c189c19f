{# 00:00 UTC after a date: the first moment at which everything that happened on it is known. #}
{% macro midnight_after(date) %}{{ return('cast(' ~ add_days(date, 1) ~ ' as ' ~ dbt.type_timestamp() ~ ')') }}{% endmacro %}
