{# Days are numbered from 1970-01-01: integers add and compare alike on every engine. #}
{% macro day_number(date) %}{{ return(adapter.dispatch('day_number')(date)) }}{% endmacro %}
{% macro duckdb__day_number(date) %}cast(cast({{ date }} as date) - date '1970-01-01' as integer){% endmacro %}
{% macro postgres__day_number(date) %}(cast({{ date }} as date) - date '1970-01-01'){% endmacro %}

{% macro spark__day_number(date) %}unix_date(cast({{ date }} as date)){% endmacro %}

{% macro date_from_day(day) %}{{ return(adapter.dispatch('date_from_day')(day)) }}{% endmacro %}
{% macro default__date_from_day(day) %}(date '1970-01-01' + cast({{ day }} as integer)){% endmacro %}

{% macro add_days(date, days) %}{{ return(adapter.dispatch('add_days')(date, days)) }}{% endmacro %}
{% macro default__add_days(date, days) %}({{ date }} + cast({{ days }} as integer)){% endmacro %}

{# Whole numbers from the first to the last, one a row, as column day_number. #}
{% macro day_series(first_day, last_day) %}{{ return(adapter.dispatch('day_series')(first_day, last_day)) }}{% endmacro %}

{% macro duckdb__day_series(first_day, last_day) %}
    select cast(unnest(range({{ first_day }}, {{ last_day }} + 1)) as integer) as day_number
{% endmacro %}

{% macro postgres__day_series(first_day, last_day) %}
    select generate_series({{ first_day }}, {{ last_day }}) as day_number
{% endmacro %}

{# sequence() counts downwards where the last number is the smaller one #}
{% macro spark__day_series(first_day, last_day) %}
    select explode(case when {{ first_day }} <= {{ last_day }} then sequence({{ first_day }}, {{ last_day }}) end) as day_number
{% endmacro %}
