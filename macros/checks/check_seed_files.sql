{# On-run-start: stops the build when a seed file is empty to the last byte, which dbt's reader reports as a
   StopIteration. Only DuckDB can look into files; elsewhere dbt's own message has to do. #}
{% macro check_seed_files() %}{{ return(adapter.dispatch('check_seed_files')()) }}{% endmacro %}

{% macro default__check_seed_files() %}{% endmacro %}

{% macro duckdb__check_seed_files() %}
    {% for node in seed_nodes().values() | sort(attribute='name') %}
        {% set path = adapter.get_seed_file_path(node) | replace("'", "''") %}
        {% if run_query("select count(*) from read_text('" ~ path ~ "') where trim(content) <> ''").columns[0][0] == 0 %}
            {% do exceptions.raise_compiler_error(
                'seeds/' ~ node.name ~ '.csv: the file is empty; write the first line "'
                ~ node.config.column_types.keys() | join(',') ~ '" and the rows below it,'
                ~ ' or take the file back from an earlier version.') %}
        {% endif %}
    {% endfor %}
{% endmacro %}
