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
