{# The date that a run scores, as a SQL date. Without the var it is yesterday, UTC, by the clock at the start of the
   run: the one place where the wall clock may speak. #}
{% macro as_of_date() -%}
    {%- set yesterday = (run_started_at - modules.datetime.timedelta(days=1)).strftime('%Y-%m-%d') -%}
    cast('{{ var('as_of_date', none) or yesterday }}' as date)
{%- endmacro %}
