{# The view of one raw table, step by step: text as delivered, values read, ranges, defaults, and what a
   rejected row needs (row_key, row_text, row_json). Every unused column is pruned by the engine. #}
{% macro raw_view_sql(source_node, location, types) %}
{%- set table = source_node.name -%}
{%- set columns = source_node.columns.values() | list -%}
with
delivered as (
    select {% for c in columns %}
        {{ as_delivered(c.name, types[c.name]) if c.name in types else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as {{ c.name }}_delivered,
        {{ delivered_text(c.name, types.get(c.name)) }} as {{ c.name }}_text,
        {{ delivered_typed(c.name, c.config.meta.kind, types.get(c.name)) }} as {{ c.name }}_typed{{ ',' if not loop.last }}
    {%- endfor %}
    {% if location %}from {{ location }}{% else %}where false{% endif %}
),
values_read as (
    select *{% for c in columns %},
        {{ read_value(table, c, types.get(c.name)) }} as {{ c.name }}_read
    {%- endfor %}
    from delivered
),
in_range as (
    select *{% for c in columns if c.config.meta.kind not in ('text', 'code') %},
        {%- set is_typed = types.get(c.name) is not none and c.config.meta.kind in typed_kinds(types[c.name]) %}
        coalesce({{ c.name }}_{{ 'typed' if is_typed else 'text' }} is not null and {{ c.name }}_read is null, false) as {{ c.name }}_is_unreadable,
        {{ out_of_range(c) }} as {{ c.name }}_is_out_of_range
    {%- endfor %}
    from values_read
),
defaulted as (
    select *{% for c in columns %},
        {{ with_default(c, columns) }} as {{ c.name }}
    {%- endfor %}
    from in_range
)
select {% for c in columns %}
    {{ c.name }},
    {{ c.name }}_text,
    {%- if c.config.meta.kind not in ('text', 'code') %}
    {{ c.name }}_is_unreadable,
    {{ c.name }}_is_out_of_range,
    {%- endif %}
    {%- if c.config.meta.kind == 'timestamp' %}
    {#- the column as it lies in the file: a condition on it lets whole files be skipped, one on a read value does not #}
    {{ c.name ~ '_typed' if 'timestamp' in typed_kinds(types.get(c.name) or '') else 'cast(null as ' ~ dbt.type_timestamp() ~ ')' }} as {{ c.name }}_stored,
    {{ c.name }}_delivered,
    {%- endif %}
    {%- endfor %}
    {{ odd_values(table, columns) }} as odd_values,
    {{ joined_text(columns | selectattr('config.meta.key', 'defined') | list, '_text', canonical=false) }} as row_key,
    {{ row_text(columns) }} as row_text,
    {{ row_json(columns) }} as row_json
from defaulted
{% endmacro %}
