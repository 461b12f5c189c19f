{# Small functions that the engines spell differently. #}
{% macro trimmed(text) %}{{ return(adapter.dispatch('trimmed')(text)) }}{% endmacro %}
{% macro duckdb__trimmed(text) %}nullif(trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), ''){% endmacro %}

{# A to Z only: lower() also folds other alphabets, differently on each engine. Most codes are lower-case
   already, and comparing is thirty times cheaper than translating. #}
{% macro lower_ascii(text) -%}
    case
        when {{ text }} = lower({{ text }}) then {{ text }}
        else translate({{ text }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
    end
{%- endmacro %}

{% macro json_text(text) %}{{ return(adapter.dispatch('json_text')(text)) }}{% endmacro %}
{% macro duckdb__json_text(text) %}cast(to_json({{ text }}) as varchar){% endmacro %}

{% macro timestamp_text(value) %}{{ return(adapter.dispatch('timestamp_text')(value)) }}{% endmacro %}
{% macro duckdb__timestamp_text(value) %}strftime({{ value }}, '%Y-%m-%d %H:%M:%S.%f'){% endmacro %}

{% macro utc_from_zoned_text(text) %}{{ return(adapter.dispatch('utc_from_zoned_text')(text)) }}{% endmacro %}
{# through timestamptz: a cast to timestamp would drop the offset silently #}
{% macro duckdb__utc_from_zoned_text(text) %}timezone('UTC', try_cast({{ text }} as timestamptz)){% endmacro %}

{% macro local_to_utc(timestamp, zone) %}{{ return(adapter.dispatch('local_to_utc')(timestamp, zone)) }}{% endmacro %}
{% macro duckdb__local_to_utc(timestamp, zone) %}timezone('UTC', timezone('{{ zone }}', {{ timestamp }})){% endmacro %}

{% macro parse_format(text, format) %}{{ return(adapter.dispatch('parse_format')(text, format)) }}{% endmacro %}
{# DuckDB's strptime takes the words epoch and infinity for times, whatever the format #}
{% macro duckdb__parse_format(text, format) %}case when regexp_matches({{ text }}, '[0-9]') then cast(try_strptime({{ text }}, '{{ format }}') as timestamp) end{% endmacro %}

{# Days are numbered from 1970-01-01: integers add and compare alike on every engine. #}
{% macro day_number(date) %}{{ return(adapter.dispatch('day_number')(date)) }}{% endmacro %}
{% macro duckdb__day_number(date) %}cast(cast({{ date }} as date) - date '1970-01-01' as integer){% endmacro %}

{% macro date_from_day(day) %}{{ return(adapter.dispatch('date_from_day')(day)) }}{% endmacro %}
{% macro duckdb__date_from_day(day) %}(date '1970-01-01' + cast({{ day }} as integer)){% endmacro %}

{% macro add_days(date, days) %}{{ return(adapter.dispatch('add_days')(date, days)) }}{% endmacro %}
{% macro duckdb__add_days(date, days) %}({{ date }} + cast({{ days }} as integer)){% endmacro %}

{# 64-bit hash, to find candidates for duplicate keys cheaply. #}
{% macro hash_64(text) %}{{ return(adapter.dispatch('hash_64')(text)) }}{% endmacro %}
{% macro duckdb__hash_64(text) %}hash({{ text }}){% endmacro %}

{# Null when there is nothing to divide by. #}
{% macro safe_divide(numerator, denominator) -%}
    cast({{ numerator }} as {{ type_double() }}) / cast(nullif({{ denominator }}, 0) as {{ type_double() }})
{%- endmacro %}

{# Every match of a pattern replaced, not only the first. #}
{% macro replace_all(text, pattern, replacement) %}{{ return(adapter.dispatch('replace_all')(text, pattern, replacement)) }}{% endmacro %}
{% macro default__replace_all(text, pattern, replacement) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g'){% endmacro %}

{# One row per part of a text. #}
{% macro split_rows(text, separator) %}{{ return(adapter.dispatch('split_rows')(text, separator)) }}{% endmacro %}
{% macro duckdb__split_rows(text, separator) %}unnest(string_split({{ text }}, '{{ separator }}')){% endmacro %}

{# The part of a text before or after a separator. #}
{% macro part(text, separator, number) %}{{ dbt.split_part(text, "'" ~ separator ~ "'", number) }}{% endmacro %}
