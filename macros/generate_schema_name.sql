{# Schemas are part of the public interface (`marts`), so a custom schema is taken as it is. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set name = custom_schema_name | trim if custom_schema_name else target.schema -%}
    {{ marts_schema() if name == 'marts' else name }}
{%- endmacro %}
