{# On-run-start: one view per raw table in schema raw_input, with every column of the input contract
   (models/staging/_sources.yml), so that a missing table or optional column needs no edit of a model. #}
{% macro read_raw_tables() %}
    {% if execute %}
        {% do run_query('create schema if not exists raw_input') %}
        {% for source_node in graph.sources.values() if source_node.source_name == 'raw' %}
            {% set table = source_node.name %}
            {% set absent = table in var('absent_sources') and table != 'accounts' %}
            {% set location = none if absent else raw_location(table) %}
            {% if location is none and table == 'accounts' %}
                {% do exceptions.raise_compiler_error(
                    "The raw table accounts was not found (" ~ raw_looked_for(table) ~ "). Every other table may be"
                    ~ " missing, this one not: put it there, point HEALTH_RAW_PATH at your files, or run `make demo`.") %}
            {% endif %}
            {% set types = raw_column_types(location) if location else {} %}
            {% if location %}{% do check_required_columns(source_node, location, types) %}{% endif %}
            {% do run_query(raw_view_sql(source_node, location, types)) %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{# Stops the build with one sentence when a required column was not delivered. #}
{% macro check_required_columns(source_node, location, types) %}
    {% for column in source_node.columns.values()
        if (column.config.meta.key or column.config.meta.required) and column.name not in types %}
        {% do exceptions.raise_compiler_error(
            "The raw table " ~ source_node.name ~ " has no column " ~ column.name ~ ", which is required. It was read from "
            ~ location ~ " and has the columns: " ~ types.keys() | join(', ') ~ ". Add the column to the export, or name the"
            ~ " table in the var absent_sources if this company does not have it.") %}
    {% endfor %}
{% endmacro %}
