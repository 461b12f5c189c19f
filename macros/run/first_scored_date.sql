{# So many days before the first date that this run scores, as a constant that is asked when the model that names it is
   about to run: what compares dates reads no older ones. #}
{% macro first_scored_date(days_before=0) -%}
    {%- set dates = ref('int_scores__as_of_dates') -%}
    {%- if execute and load_relation(dates) -%}
        {%- set first = run_query('select cast(min(as_of_date) as ' ~ dbt.type_string() ~ ') from ' ~ dates).columns[0][0] -%}
    {%- endif -%}
    {{ add_days("cast(" ~ ("'" ~ first ~ "'" if first else 'null') ~ " as date)", -days_before) }}
{%- endmacro %}
