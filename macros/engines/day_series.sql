{# Whole numbers from the first to the last, one a row, as column day_number. #}
{% macro day_series(first_day, last_day) %}{{ return(adapter.dispatch('day_series')(first_day, last_day)) }}{% endmacro %}

{% macro duckdb__day_series(first_day, last_day) %}
    select cast(unnest(range({{ first_day }}, {{ last_day }} + 1)) as integer) as day_number
{% endmacro %}
