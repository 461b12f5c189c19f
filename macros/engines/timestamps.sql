{# What the engines spell differently about points in time. #}
{% macro timestamp_text(value) %}{{ return(adapter.dispatch('timestamp_text')(value)) }}{% endmacro %}
{% macro duckdb__timestamp_text(value) %}strftime({{ value }}, '%Y-%m-%d %H:%M:%S.%f'){% endmacro %}

{% macro postgres__timestamp_text(value) %}to_char({{ value }}, 'YYYY-MM-DD HH24:MI:SS.US'){% endmacro %}

{% macro spark__timestamp_text(value) %}date_format({{ value }}, 'yyyy-MM-dd HH:mm:ss.SSSSSS'){% endmacro %}

{% macro utc_from_zoned_text(text) %}{{ return(adapter.dispatch('utc_from_zoned_text')(text)) }}{% endmacro %}
{# through timestamptz: a cast to timestamp would drop the offset silently #}
{% macro duckdb__utc_from_zoned_text(text) %}timezone('UTC', try_cast({{ text }} as timestamptz)){% endmacro %}

{% macro postgres__utc_from_zoned_text(text) %}timezone('UTC', {{ try_cast_to(text, 'timestamptz') }}){% endmacro %}

{# an offset of four digits, or one behind minutes, is not read otherwise #}
{% macro spark__utc_from_zoned_text(text) -%}
    {% set with_colon = "regexp_replace(" ~ text ~ ", '([+-][0-9]{2})([0-9]{2})$', '$1:$2')" %}
    {{- try_cast_to("regexp_replace(" ~ with_colon ~ ", '^(.{16})(Z|[+-].*)$', '$1:00$2')", 'timestamp') }}
{%- endmacro %}

{# A zoned moment of a typed column. DuckDB's session and Spark's are in UTC (profiles.yml), and DuckDB's isfinite does not
   know zoned nanoseconds, which is what pandas writes; a Postgres session may be in any zone. #}
{% macro zoned_moment(value) %}{{ return(adapter.dispatch('zoned_moment')(value)) }}{% endmacro %}
{% macro duckdb__zoned_moment(value) %}cast({{ value }} as timestamp with time zone){% endmacro %}
{% macro postgres__zoned_moment(value) %}timezone('UTC', {{ value }}){% endmacro %}

{% macro spark__zoned_moment(value) %}{{ value }}{% endmacro %}

{# The text of a moment without what is smaller than a microsecond: where it is read, Postgres would round it up. #}
{% macro whole_microseconds(text) %}{{ return(adapter.dispatch('whole_microseconds')(text)) }}{% endmacro %}
{% macro duckdb__whole_microseconds(text) %}{{ text }}{% endmacro %}
{% macro postgres__whole_microseconds(text) %}regexp_replace({{ text }}, '([.][0-9]{6})[0-9]+', '\1'){% endmacro %}

{% macro spark__whole_microseconds(text) %}{{ text }}{% endmacro %}

{% macro local_to_utc(timestamp, zone) %}{{ return(adapter.dispatch('local_to_utc')(timestamp, zone)) }}{% endmacro %}
{% macro default__local_to_utc(timestamp, zone) %}timezone('UTC', timezone('{{ zone }}', {{ timestamp }})){% endmacro %}

{# an hour that comes twice, when clocks go back, is the second one, as on the other engines #}
{% macro spark__local_to_utc(timestamp, zone) %}
    {% set later = "(to_utc_timestamp(" ~ timestamp ~ " + interval 1 hour, '" ~ zone ~ "') - interval 1 hour)" %}
    case
        when from_utc_timestamp({{ later }}, '{{ zone }}') = {{ timestamp }} then {{ later }}
        else to_utc_timestamp({{ timestamp }}, '{{ zone }}')
    end
{% endmacro %}

{# Whether the engine knows a time zone by that name. #}
{% macro is_time_zone(zone) %}{{ return(adapter.dispatch('is_time_zone')(zone)) }}{% endmacro %}
{% macro default__is_time_zone(zone) %}
    {{ return(run_query("select count(*) from pg_timezone_names() where name = '" ~ (zone | replace("'", "''")) ~ "'").columns[0][0] > 0) }}
{% endmacro %}

{# Spark has no list of its zones; Java knows those of the IANA list, and so does Python. #}
{% macro spark__is_time_zone(zone) %}{{ return(zone in modules.pytz.all_timezones) }}{% endmacro %}

{# The point in time so many whole hours after 1970-01-01 00:00. #}
{% macro timestamp_from_hours(hours) %}{{ return(adapter.dispatch('timestamp_from_hours')(hours)) }}{% endmacro %}
{% macro duckdb__timestamp_from_hours(hours) %}(timestamp '1970-01-01 00:00:00' + to_hours({{ hours }})){% endmacro %}
{% macro postgres__timestamp_from_hours(hours) %}(timestamp '1970-01-01 00:00:00' + ({{ hours }}) * interval '1 hour'){% endmacro %}
{% macro spark__timestamp_from_hours(hours) %}timestamp_seconds(({{ hours }}) * 3600){% endmacro %}

{# A delivered column, which a rejected row shows as text; a moment with a zone shows its offset, which Spark leaves out. #}
{% macro as_delivered(name, type) %}{{ return(adapter.dispatch('as_delivered')(name, type)) }}{% endmacro %}
{% macro default__as_delivered(name, type) %}{{ name }}{% endmacro %}
{% macro spark__as_delivered(name, type) -%}
    {{ "(cast(" ~ name ~ " as string) || '+00')" if is_zoned_type(type) else name }}
{%- endmacro %}
