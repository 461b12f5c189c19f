{# The schema that builds write the marts to. Readers look at another place: on DuckDB at the marts of another file, on
   Postgres at the schema marts of the same database. #}
{% macro marts_schema() %}{{ return(adapter.dispatch('marts_schema')()) }}{% endmacro %}
{% macro default__marts_schema() %}{{ return('marts') }}{% endmacro %}
{% macro postgres__marts_schema() %}{{ return('marts_work') }}{% endmacro %}
