{# The columns of a raw table in the order of the input contract. #}
{% macro raw_columns(table) %}
    {% if execute %}
        {% for source_node in graph.sources.values() if source_node.source_name == 'raw' and source_node.name == table %}
            {{ return(source_node.columns.values() | list) }}
        {% endfor %}
    {% endif %}
    {{ return([]) }}
{% endmacro %}
