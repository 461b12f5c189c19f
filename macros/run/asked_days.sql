{# From which day on somebody asked for scores: var score_from; the first stored day in a full refresh, which never
   starts later than it did; null in any other run. Day numbers. #}
{% macro first_day_asked_for() %}
    {%- if var('score_from', none) -%} {{ day_number("cast('" ~ var('score_from') ~ "' as date)") }}
    {%- elif flags.FULL_REFRESH -%} stored.first_day
    {%- else -%} cast(null as integer)
    {%- endif -%}
{% endmacro %}

{# The first day of a first build: the year that ends on its as-of date, unless var history_start_date says otherwise. #}
{% macro first_day_of_history() %}
    {%- if var('history_start_date', none) -%} {{ day_number("cast('" ~ var('history_start_date') ~ "' as date)") }}
    {%- else -%} {{ day_number(as_of_date()) }} - 364
    {%- endif -%}
{% endmacro %}

{# From which date on the stored signals are weighed anew (var rescore_from); null, and then none, in any other run. #}
{% macro rescore_from() -%}
    cast({{ "'" ~ var('rescore_from') ~ "'" if var('rescore_from', none) else 'null' }} as date)
{%- endmacro %}
