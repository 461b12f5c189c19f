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
