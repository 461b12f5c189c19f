{# The date that a run scores, as a SQL date. Without the var it is yesterday, UTC, by the clock at the start of the
   run: the one place where the wall clock may speak. #}
{% macro as_of_date() -%}
    {%- set yesterday = (run_started_at - modules.datetime.timedelta(days=1)).strftime('%Y-%m-%d') -%}
    cast('{{ var('as_of_date', none) or yesterday }}' as date)
{%- endmacro %}

{# First date to score: the one asked for, else the first stored one, else the year that ends at the as-of date. #}
{% macro first_scored_day(stored_dates) -%}
    {%- set asked = var('score_from', none) or var('history_start_date', none) -%}
    {%- if asked -%} {{ day_number("cast('" ~ asked ~ "' as date)") }}
    {%- elif stored_dates -%} coalesce((select min(as_of_day) from {{ stored_dates }}), {{ day_number(as_of_date()) }} - 364)
    {%- else -%} {{ day_number(as_of_date()) }} - 364
    {%- endif -%}
{%- endmacro %}

{# A day that never comes: the end of what has no end. #}
{% macro never() %}9999999{% endmacro %}
