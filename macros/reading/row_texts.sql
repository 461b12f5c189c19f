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
