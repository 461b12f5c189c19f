{# Pre-hook: stops the build when a seed file lacks a column, before any SQL stumbles over it. #}
{% macro check_seed_columns() %}
    {% set findings = [] %}
    {% for node in seed_nodes().values() | sort(attribute='name') %}
        {% set seed = adapter.get_relation(node.database, node.schema, node.alias) %}
        {% set found = adapter.get_columns_in_relation(seed) | map(attribute='name') | list if seed else [] %}
        {% set missing = node.config.column_types.keys() | reject('in', found) | list %}
        {% if missing %}
            {% do findings.append(
                'seeds/' ~ node.name ~ '.csv: the column ' ~ missing | join(', ') ~ ' is missing; the first line reads "'
                ~ found | join(',') ~ '", write "' ~ node.config.column_types.keys() | join(',')
                ~ '" and separate the values by commas.') %}
        {% endif %}
    {% endfor %}
    {% if findings %}{% do exceptions.raise_compiler_error(findings | join('\n')) %}{% endif %}
{% endmacro %}
