{# The view of one raw table, step by step: text as delivered, values read, ranges, defaults, and what a
   rejected row needs (row_key, row_text, row_json). Every unused column is pruned by the engine. #}
{% macro raw_view_sql(source_node, location, types) %}
{%- set table = source_node.name -%}
{%- set columns = source_node.columns.values() | list -%}
create or replace view raw_input.{{ table }} as
with
delivered as (
    select {% for c in columns %}
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
        coalesce({{ c.name }}_text is not null and {{ c.name }}_read is null, false) as {{ c.name }}_is_unreadable,
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
    {%- endfor %}
    {{ odd_values(table, columns) }} as odd_values,
    {{ joined_text(columns | selectattr('config.meta.key', 'defined') | list, '_text', canonical=false) }} as row_key,
    {{ row_text(columns) }} as row_text,
    {{ row_json(columns) }} as row_json
from defaulted
{% endmacro %}
