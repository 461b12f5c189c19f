{# The raw tables that this company does not have or no longer feeds, as SQL texts. #}
{% macro absent_sources_list() -%}
    '{{ (var('absent_sources') or ['']) | join("', '") }}'
{%- endmacro %}
