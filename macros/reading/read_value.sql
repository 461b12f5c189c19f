{# One value read by its kind: null where it is blank or cannot be read. #}
{% macro read_value(table, column, type) %}
    {%- set kind = column.config.meta.kind -%}
    {%- set text = column.name ~ '_text' -%}
    {%- set is_typed = type is not none and kind in typed_kinds(type) -%}
    {%- set format = var('date_formats').get(table ~ '.' ~ column.name) -%}
    {%- if kind == 'text' -%} {{ text }}
    {%- elif kind == 'code' -%} {{ lower_ascii(text) }}
    {%- elif kind == 'boolean' -%} {{ column.name ~ '_typed' if is_typed else read_boolean(text) }}
    {%- elif kind == 'number' -%} {{ read_typed_number(column.name ~ '_typed') if is_typed else read_number(text) }}
    {%- elif kind == 'timestamp' and is_typed -%} {{ read_typed_timestamp(column.name ~ '_typed', type) }}
    {%- elif kind == 'timestamp' -%} {{ read_timestamp(text, format) }}
    {%- elif is_typed -%} {{ read_typed_date(column.name ~ '_typed') }}
    {%- else -%} {{ read_date(text, format) }}
    {%- endif -%}
{% endmacro %}
