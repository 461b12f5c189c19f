{# First day that a run scores (scoring.md 1): the one asked for; on a first build the start of the history; for a date
   older than the last scored one that date alone; else the day after the last one, or restate_days back. #}
{% macro first_scored_day(stored_dates) -%}
    {%- set today = day_number(as_of_date()) -%}
    {%- set history_start = var('history_start_date', none) -%}
    {%- set first_build = day_number("cast('" ~ history_start ~ "' as date)") if history_start else today ~ ' - 364' -%}
    {%- if var('score_from', none) -%}
        {{ day_number("cast('" ~ var('score_from') ~ "' as date)") }}
    {%- elif stored_dates -%}
        (
            select
                case
                    when max(as_of_day) is null then {{ first_build }}
                    when max(as_of_day) > {{ today }} then {{ today }}
                    else greatest(min(as_of_day), least(max(as_of_day) + 1, {{ today }} - {{ var('restate_days') }}))
                end
            from {{ stored_dates }}
        )
    {%- else -%}
        {{ first_build }}
    {%- endif -%}
{%- endmacro %}
