{# The raw tables of the input contract as rows: source_table, and is_delivered, whether this run found it and it is not
   named in absent_sources. Asked when the model that names it is about to run. #}
{% macro raw_tables() %}
    {%- for table in raw_table_names() -%}
        {%- set is_delivered = execute and table not in var('absent_sources') and raw_location(table) is not none %}
    select
        '{{ table }}' as source_table,
        {{ 'true' if is_delivered else 'false' }} as is_delivered
        {{ 'union all' if not loop.last }}
    {%- else %}
    select
        cast(null as {{ dbt.type_string() }}) as source_table,
        false as is_delivered
    where false
    {%- endfor %}
{% endmacro %}

{# In alphabetical order; empty while dbt still parses. #}
{% macro raw_table_names() %}
    {% set sources = graph.sources.values() | selectattr('source_name', 'equalto', 'raw') if execute else [] %}
    {{ return(sources | map(attribute='name') | sort) }}
{% endmacro %}
