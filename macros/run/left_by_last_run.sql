{# What an earlier run left in a table that this run writes only later: a reference without an edge, because with ref() the
   tables would wait for each other. `columns` ({name: type}) describe the empty table that stands in on the first run. #}
{% macro left_by_last_run(schema, table, columns) %}
    {%- set relation = adapter.get_relation(target.database, generate_schema_name(schema, none), table) if execute else none -%}
    {%- if relation -%} {{ relation }}
    {%- else -%}
        (select {% for name, type in columns.items() %}cast(null as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %} where false)
    {%- endif -%}
{% endmacro %}

{# The same for what is made of the events: a full refresh reads them all again, as if there had been no run. #}
{% macro left_by_last_full_read(table, columns, schema='intermediate') %}
    {{- left_by_last_run(schema, table if not flags.FULL_REFRESH else '', columns) -}}
{% endmacro %}
