{# The newest as-of date in the history as a constant, asked when the model that names it is about to run. #}
{% macro newest_scored_date() -%}
    {%- set history = ref('customer_health_history') -%}
    {%- if execute and load_relation(history) -%}
        {%- set newest = run_query('select cast(max(as_of_date) as ' ~ dbt.type_string() ~ ') from ' ~ history).columns[0][0] -%}
    {%- endif -%}
    cast({{ "'" ~ newest ~ "'" if newest else 'null' }} as date)
{%- endmacro %}
