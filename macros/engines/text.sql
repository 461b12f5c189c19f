{# What the engines spell differently about text. #}
{% macro trimmed(text) %}{{ return(adapter.dispatch('trimmed')(text)) }}{% endmacro %}
{# trimming is six times as dear as looking whether there is anything to trim: what is trimmed sorts before '!' #}
{% macro duckdb__trimmed(text) -%}
    case
        when {{ text }} >= '!' and ({{ text }})[-1] >= '!' then {{ text }}
        else nullif(trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), '')
    end
{%- endmacro %}

{% macro json_text(text) %}{{ return(adapter.dispatch('json_text')(text)) }}{% endmacro %}
{% macro duckdb__json_text(text) %}cast(to_json({{ text }}) as varchar){% endmacro %}

{# Every match of a pattern replaced, not only the first. #}
{% macro replace_all(text, pattern, replacement) %}{{ return(adapter.dispatch('replace_all')(text, pattern, replacement)) }}{% endmacro %}
{% macro default__replace_all(text, pattern, replacement) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g'){% endmacro %}

{# One row per part of a text. #}
{% macro split_rows(text, separator) %}{{ return(adapter.dispatch('split_rows')(text, separator)) }}{% endmacro %}
{% macro duckdb__split_rows(text, separator) %}unnest(string_split({{ text }}, '{{ separator }}')){% endmacro %}

{# The part of a text before or after a separator. #}
{% macro part(text, separator, number) %}{{ dbt.split_part(text, "'" ~ separator ~ "'", number) }}{% endmacro %}
