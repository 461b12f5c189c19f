{# What the engines spell differently about text. #}
{% macro trimmed(text) %}{{ return(adapter.dispatch('trimmed')(text)) }}{% endmacro %}
{# trimming is six times as dear as looking whether there is anything to trim: what is trimmed sorts before '!' #}
{% macro duckdb__trimmed(text) -%}
    case
        when {{ text }} >= '!' and ({{ text }})[-1] >= '!' then {{ text }}
        else nullif(trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), '')
    end
{%- endmacro %}

{# every text that is read goes through here, and what is made of it keeps the collation: compared as bytes, as on DuckDB #}
{% macro postgres__trimmed(text) -%}
    (nullif(btrim({{ text }}, chr(9) || chr(10) || chr(13) || ' '), '') collate "C")
{%- endmacro %}

{% macro spark__trimmed(text) -%}
    nullif(trim(both concat(' ', chr(9), chr(10), chr(13)) from {{ text }}), '')
{%- endmacro %}

{% macro json_text(text) %}{{ return(adapter.dispatch('json_text')(text)) }}{% endmacro %}
{% macro duckdb__json_text(text) %}cast(to_json({{ text }}) as varchar){% endmacro %}
{% macro postgres__json_text(text) %}(cast(to_json({{ text }}) as text) collate "C"){% endmacro %}

{# Spark writes objects only: {"a":"text"} #}
{% macro spark__json_text(text) -%}
    case
        when {{ text }} is not null
            then substring(to_json(named_struct('a', {{ text }})), 6, length(to_json(named_struct('a', {{ text }}))) - 6)
    end
{%- endmacro %}

{# Every match of a pattern replaced, not only the first. #}
{% macro replace_all(text, pattern, replacement) %}{{ return(adapter.dispatch('replace_all')(text, pattern, replacement)) }}{% endmacro %}
{% macro default__replace_all(text, pattern, replacement) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g'){% endmacro %}

{% macro spark__replace_all(text, pattern, replacement) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}'){% endmacro %}

{# The rows of a relation once per part of one of its texts, with the part as a column of that name. #}
{% macro with_parts(relation, text, separator, name) %}
    {{- return(adapter.dispatch('with_parts')(relation, text, separator, name)) -}}
{% endmacro %}

{% macro duckdb__with_parts(relation, text, separator, name) -%}
    (select *, unnest(string_split({{ text }}, '{{ separator }}')) as {{ name }} from {{ relation }}) as with_parts
{%- endmacro %}

{# string_to_array makes no part of an empty text, which has one #}
{% macro postgres__with_parts(relation, text, separator, name) -%}
    (
        select
            *,
            unnest(case when {{ text }} = '' then array[''] else string_to_array({{ text }}, '{{ separator }}') end) as {{ name }}
        from {{ relation }}
    ) as with_parts
{%- endmacro %}

{% macro spark__with_parts(relation, text, separator, name) -%}
    (select *, explode(split({{ text }}, '[{{ separator }}]')) as {{ name }} from {{ relation }}) as with_parts
{%- endmacro %}

{# The part of a text before or after a separator. #}
{% macro part(text, separator, number) %}{{ return(adapter.dispatch('part')(text, separator, number)) }}{% endmacro %}
{% macro default__part(text, separator, number) %}{{ dbt.split_part(text, "'" ~ separator ~ "'", number) }}{% endmacro %}
{% macro spark__part(text, separator, number) %}split_part({{ text }}, '{{ separator }}', {{ number }}){% endmacro %}
