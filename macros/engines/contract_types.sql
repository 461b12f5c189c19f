{# Types of contracts are written as DuckDB and Spark write them; Postgres has another word for one of them. dbt finds these
   two of its own macros here. #}
{% macro postgres_columns() %}
    {% set columns = {} %}
    {% for name, column in model['columns'].items() %}
        {% set type = type_double() if column['data_type'] == 'double' else column['data_type'] %}
        {% do columns.update({name: dict(column, data_type=type)}) %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}

{% macro postgres__get_table_columns_and_constraints() %}
    {% set columns = adapter.render_raw_columns_constraints(raw_columns=postgres_columns()) %}
    {{ return('(' ~ columns | join(', ') ~ ')') }}
{% endmacro %}

{% macro postgres__get_empty_schema_sql(columns) %}
    {{ return(default__get_empty_schema_sql(postgres_columns())) }}
{% endmacro %}
