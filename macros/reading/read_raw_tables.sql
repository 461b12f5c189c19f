{# On-run-start: one view per raw table in schema raw_input, with every column of the input contract
   (models/staging/_sources.yml), so that a missing table or optional column needs no edit of a model. #}
{% macro read_raw_tables() %}
    {% if execute and flags.WHICH in ('build', 'run', 'test') %}
        {% do check_vars() %}
        {% do wait_for_publication() %}
        {% do make_schema('raw_input') %}
        {% set read = [] %}
        {% for source_node in graph.sources.values() if source_node.source_name == 'raw' %}
            {% set table = source_node.name %}
            {% set location = none if table in var('absent_sources') else raw_location(table) %}
            {% if location is none and table == 'accounts' %}
                {% do exceptions.raise_compiler_error(
                    "The raw table accounts was not found (" ~ raw_looked_for(table) ~ "). Every other table may be"
                    ~ " missing, this one not: put it there, point HEALTH_RAW_PATH at your files, or run `make demo`.") %}
            {% endif %}
            {% set types = raw_column_types(location.relation) if location else {} %}
            {% if location %}
                {% do check_required_columns(source_node, location.path, types) %}
                {% do read.append(location.path) %}
            {% endif %}
            {% set reading = raw_view_sql(source_node, location.relation if location else none, types) %}
            {% do run_query(replace_view_sql('raw_input.' ~ table, reading)) %}
        {% endfor %}
        {% do warn_of_unread_files(read) %}
    {% endif %}
{% endmacro %}
