{# The newest as-of date that was scored, also where nobody was left to be scored, as a constant that is asked when the
   model that names it is about to run. #}
{% macro newest_scored_date() -%}
    {%- set scored_days = ref('customer_health_signal_days') -%}
    {%- if execute and load_relation(scored_days) -%}
        {%- set newest = run_query('select cast(max(as_of_date) as ' ~ dbt.type_string() ~ ') from ' ~ scored_days).columns[0][0] -%}
    {%- endif -%}
    cast({{ "'" ~ newest ~ "'" if newest else 'null' }} as date)
{%- endmacro %}
