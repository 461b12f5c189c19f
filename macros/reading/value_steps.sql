{# The steps of raw_view_sql for one column. `type` is the delivered column's type, none where it is missing. #}

{# Text as delivered: trimmed of blanks, tabs and line ends, blank is null; whole numbers lose their ".0". #}
{% macro delivered_text(name, type) %}
    {%- if type is none -%} cast(null as {{ dbt.type_string() }})
    {%- elif is_text_type(type) -%} {{ trimmed(name) }}
    {%- elif is_decimal_type(type) -%}
        case
            when {{ is_finite(name) }} and abs({{ name }}) < 1e15 and {{ name }} = floor({{ name }})
                then cast(cast({{ name }} as bigint) as {{ dbt.type_string() }})
            else cast({{ name }} as {{ dbt.type_string() }})
        end
    {%- else -%} cast({{ name }} as {{ dbt.type_string() }})
    {%- endif -%}
{% endmacro %}


{# The value itself where its type already says what it is, so that fifty million timestamps are not parsed. #}
{% macro delivered_typed(name, kind, type) %}
    {%- if type is not none and kind != 'text' and kind in typed_kinds(type) -%} {{ name }}
    {%- else -%} null
    {%- endif -%}
{% endmacro %}


{# Which kinds a delivered type needs no parsing for. #}
{% macro typed_kinds(type) %}
    {%- set name = type | lower -%}
    {%- if name.startswith('timestamp') or name.startswith('date') %}{% do return(['timestamp', 'date']) %}
    {%- elif is_number_type(type) %}{% do return(['number']) %}
    {%- elif name.startswith('bool') %}{% do return(['boolean']) %}
    {%- endif %}
    {% do return([]) %}
{% endmacro %}


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


{% macro out_of_range(column) %}
    {%- set meta = column.config.meta -%}
    {%- set value = column.name ~ '_read' -%}
    {%- if meta.min is defined and meta.max is defined -%}
        coalesce({{ value }} < {{ meta.min }} or {{ value }} > {{ meta.max }}, false)
    {%- elif meta.min is defined -%} coalesce({{ value }} < {{ meta.min }}, false)
    {%- else -%} false
    {%- endif -%}
{% endmacro %}


{# An optional value out of its range is null; then the default steps in. An unreadable date gets none:
   the default would claim to know what the row failed to say. #}
{% macro with_default(column, columns) %}
    {%- set meta = column.config.meta -%}
    {%- set value = column.name ~ '_read' -%}
    {%- if meta.min is defined -%}
        {%- set value = 'case when not ' ~ column.name ~ '_is_out_of_range then ' ~ value ~ ' end' -%}
    {%- endif -%}
    {%- if meta.default is not defined -%} {{ value }}
    {%- elif meta.default == 'payment_terms' -%}
        case when not due_on_is_unreadable then coalesce({{ value }}, {{ add_days('issued_on_read', var('payment_terms_days')) }}) end
    {%- elif meta.default == 'account_id' -%} coalesce({{ value }}, account_id_read)
    {%- else -%} coalesce({{ value }}, {{ meta.default }})
    {%- endif -%}
{% endmacro %}


{# Columns joined by |, null as empty: as delivered for row_key, in canonical text for row_text. #}
{% macro joined_text(columns, suffix, canonical) %}
    {%- for c in columns -%}
        coalesce({{ canonical_text(c.name ~ suffix, c.config.meta.kind) if canonical else c.name ~ suffix }}, '')
        {%- if not loop.last %} || '|' || {% endif -%}
    {%- endfor -%}
{% endmacro %}


{# Text of a value that is the same on every engine. #}
{% macro canonical_text(value, kind) %}
    {%- if kind == 'number' -%} cast(cast({{ value }} as numeric(28, 6)) as {{ dbt.type_string() }})
    {%- elif kind == 'timestamp' -%} {{ timestamp_text(value) }}
    {%- elif kind == 'boolean' -%} case when {{ value }} then 'true' when not {{ value }} then 'false' end
    {%- elif kind == 'date' -%} cast({{ value }} as {{ dbt.type_string() }})
    {%- else -%} {{ value }}
    {%- endif -%}
{% endmacro %}


{# What decides between two versions of a row that arrived together (decisions.md A2). #}
{% macro row_text(columns) %}
    {{- joined_text(columns | rejectattr('name', 'equalto', 'loaded_at') | list, '', canonical=true) -}}
{% endmacro %}


{# The row as delivered, for rejected_rows; columns marked private (e-mail, title, subject) stay out. #}
{% macro row_json(columns) %}
    '{'
    {%- for c in columns | rejectattr('config.meta.private', 'defined') %} || '"{{ c.name }}": ' || coalesce({{ json_text(c.name ~ '_text') }}, 'null')
        {%- if not loop.last %} || ', '{% endif -%}
    {%- endfor %} || '}'
{%- endmacro %}


{# The columns of a raw table in the order of the input contract. #}
{% macro raw_columns(table) %}
    {% if execute %}
        {% for source_node in graph.sources.values() if source_node.source_name == 'raw' and source_node.name == table %}
            {{ return(source_node.columns.values() | list) }}
        {% endfor %}
    {% endif %}
    {{ return([]) }}
{% endmacro %}


{# What was read as null although something was delivered, for data_warnings: "seats:out_of_range;". #}
{% macro odd_values(table, columns) %}
    nullif(''
    {%- for c in columns if c.config.meta.kind not in ('text', 'code') and not c.config.meta.key and not c.config.meta.required %}
        {%- if c.config.meta.kind in ('number', 'boolean') or c.name == 'loaded_at' or table in ('accounts', 'users') %}
        || case when {{ c.name }}_is_unreadable then '{{ c.name }}:unreadable_value;' else '' end
        {%- endif %}
        {%- if c.config.meta.min is defined %}
        || case when {{ c.name }}_is_out_of_range then '{{ c.name }}:out_of_range;' else '' end
        {%- endif %}
    {%- endfor %}, '')
{%- endmacro %}
