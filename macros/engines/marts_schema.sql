{# The schema that builds write the marts to. Readers look at another place: on DuckDB at the marts of another file, on
   Postgres and Spark at the schema marts. #}
{% macro marts_schema() %}{{ return(adapter.dispatch('marts_schema')()) }}{% endmacro %}
{% macro default__marts_schema() %}{{ return('marts') }}{% endmacro %}
{% macro postgres__marts_schema() %}{{ return('marts_work') }}{% endmacro %}
{% macro spark__marts_schema() %}{{ return('marts_work') }}{% endmacro %}
