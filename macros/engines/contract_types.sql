{# Types of contracts are written as DuckDB and Spark write them; Postgres has another word for one of them. dbt finds these
   two of its own macros here. #}
{% macro postgres__get_empty_schema_sql(columns) %}
    {{ return(default__get_empty_schema_sql(columns_with_types({'double': type_double()}))) }}
{% endmacro %}

{# Texts compare as bytes here too, whatever the collation of the database: what reads a mart may sort by one. #}
{% macro postgres__get_table_columns_and_constraints() %}
    {% set columns = columns_with_types({'double': type_double(), 'text': 'text collate "C"', 'string': 'text collate "C"'}) %}
    {{ return('(' ~ adapter.render_raw_columns_constraints(raw_columns=columns) | join(', ') ~ ')') }}
{% endmacro %}

{% macro columns_with_types(types) %}
    {% set columns = {} %}
    {% for name, column in model['columns'].items() %}
        {% do columns.update({name: dict(column, data_type=types.get(column['data_type'] | lower, column['data_type']))}) %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}
