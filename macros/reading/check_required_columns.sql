{# Stops the build with one sentence when a required column was not delivered. #}
{% macro check_required_columns(source_node, path, types) %}
    {% set mend = "Add the column to the export" if source_node.name == 'accounts'
        else "Add the column to the export, or name the table in the var absent_sources if this company does not have it" %}
    {% for column in source_node.columns.values()
        if (column.config.meta.key or column.config.meta.required) and column.name not in types %}
        {% do exceptions.raise_compiler_error(
            "The raw table " ~ source_node.name ~ " has no column " ~ column.name ~ ", which is required. It was read from "
            ~ path ~ " and has the columns: " ~ types.keys() | join(', ') ~ ". " ~ mend ~ ".") %}
    {% endfor %}
{% endmacro %}
