{# The project's seeds with their columns: {seed name: [column, ...]}, in the order of their YAML.
   Empty while dbt still parses. #}
{% macro seed_nodes() %}
    {% set nodes = {} %}
    {% if execute %}
        {% for node in graph.nodes.values()
            if node.resource_type == 'seed' and node.package_name == project_name and node.config.column_types %}
            {% do nodes.update({node.name: node}) %}
        {% endfor %}
    {% endif %}
    {{ return(nodes) }}
{% endmacro %}

{# The codes that a seed's column may hold, from its YAML. #}
{% macro seed_codes(seed, column) %}
    {% set nodes = seed_nodes() %}
    {{ return(nodes[seed].columns[column].config.meta.codes if seed in nodes else []) }}
{% endmacro %}

{# Every column of any seed once: the columns of int_checks__seed_rows. #}
{% macro seed_column_names() %}
    {% set names = [] %}
    {% for node in seed_nodes().values() | sort(attribute='name') %}
        {% for column in node.config.column_types if column not in names %}{% do names.append(column) %}{% endfor %}
    {% endfor %}
    {{ return(names) }}
{% endmacro %}
