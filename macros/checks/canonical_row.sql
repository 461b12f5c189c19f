{# The one spelling of a seed's row: texts quoted, numbers, booleans and dates written alike, so that 0.10 and 0.1 are
   the same configuration. Null where a cell cannot be read, which int_checks__seeds finds. #}
{% macro canonical_row(node) -%}
    {%- for column in node.columns.values() -%}
    {%- set cell = trimmed(column.name) -%}
    case when {{ cell }} is null then '' else {{ canonical_cell(cell, column.config.meta.kind) }} end
    {{- " || ',' || " if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro canonical_cell(cell, kind) -%}
    {%- if kind == 'number' -%} {{ canonical_number(try_cast_to(cell, 'decimal(38, 12)')) }}
    {%- elif kind == 'boolean' -%} {{ canonical_text(read_boolean(cell), kind) }}
    {%- elif kind == 'date' -%} {{ canonical_text(read_date(cell), kind) }}
    {%- else -%} '"' || replace({{ cell }}, '"', '""') || '"'
    {%- endif -%}
{%- endmacro %}
