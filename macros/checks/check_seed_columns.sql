{# Pre-hook: stops the build when a seed file lacks a column, before any SQL stumbles over it. #}
{% macro check_seed_columns() %}
    {% set findings = [] %}
    {% for node in seed_nodes().values() | sort(attribute='name') if node.unique_id in model.depends_on.nodes %}
        {% set seed = adapter.get_relation(node.database, node.schema, node.alias) %}
        {% set found = adapter.get_columns_in_relation(seed) | map(attribute='name') | list %}
        {% set missing = node.config.column_types.keys() | reject('in', found) | list %}
        {% if missing %}
            {% do findings.append(
                'seeds/' ~ node.name ~ '.csv: the first line lacks ' ~ missing | join(', ') ~ '; it reads "'
                ~ found | join(',') ~ '", write "' ~ node.config.column_types.keys() | join(',')
                ~ '" and separate the values by commas.') %}
        {% endif %}
    {% endfor %}
    {% if findings %}{% do exceptions.raise_compiler_error(findings | join('\n')) %}{% endif %}
{% endmacro %}
