{# What the engines spell differently about points in time. #}
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


{# Whether the engine knows a time zone by that name. #}
{% macro is_time_zone(zone) %}{{ return(adapter.dispatch('is_time_zone')(zone)) }}{% endmacro %}
{% macro default__is_time_zone(zone) %}
    {{ return(run_query("select count(*) from pg_timezone_names() where name = '" ~ (zone | replace("'", "''")) ~ "'").columns[0][0] > 0) }}
{% endmacro %}

{# The point in time so many whole hours after 1970-01-01 00:00. #}
{% macro timestamp_from_hours(hours) %}{{ return(adapter.dispatch('timestamp_from_hours')(hours)) }}{% endmacro %}
{% macro duckdb__timestamp_from_hours(hours) %}(timestamp '1970-01-01 00:00:00' + to_hours({{ hours }})){% endmacro %}
