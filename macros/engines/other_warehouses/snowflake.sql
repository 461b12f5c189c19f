{# Snowflake. Compiled and parsed offline (make dialects), never run: docs/engines.md. Texts in quotes have backslashes doubled. #}
{% macro snowflake__day_number(date) %}datediff('day', date '1970-01-01', cast({{ date }} as date)){% endmacro %}
{% macro snowflake__date_from_day(day) %}dateadd('day', {{ day }}, date '1970-01-01'){% endmacro %}
{% macro snowflake__add_days(date, days) %}dateadd('day', {{ days }}, {{ date }}){% endmacro %}

{% macro snowflake__day_series(first_day, last_day) %}
    select cast(days.value as integer) as day_number
    from (select {{ first_day }} as first_day, {{ last_day }} as last_day) as ends,
        lateral flatten(input => array_generate_range(ends.first_day, ends.last_day + 1)) as days
{% endmacro %}

{% macro snowflake__engine_version() %}current_version(){% endmacro %}
{% macro snowflake__hash_64(text) %}hash({{ text }}){% endmacro %}
{% macro snowflake__matches(text, pattern) %}regexp_like({{ text }}, '{{ pattern | replace('\\', '\\\\') }}'){% endmacro %}

{% macro snowflake__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern | replace('\\', '\\\\') }}', '{{ replacement | replace('\\', '\\\\') }}')
{%- endmacro %}

{% macro snowflake__ordered_listagg(text, separator, order_by) -%}
    case when count({{ text }}) > 0 then listagg({{ text }}, {{ separator }}) within group (order by {{ order_by }}) end
{%- endmacro %}

{% macro snowflake__parse_format(text, format) -%}
    {%- do check_format(format) -%}
    {%- set pattern = "'" ~ format_pattern(format) | replace('\\', '\\\\') ~ "'" -%}
    {%- set iso = 'regexp_replace(' ~ text ~ ', ' ~ pattern ~ ", '" ~ iso_order(format) | replace('\\', '\\\\') ~ "')" -%}
    case
        when regexp_like({{ text }}, {{ pattern }})
            then {{ try_cast_to('regexp_replace(' ~ iso ~ ", '^0*([0-9]{4}-)', '\\\\1')", 'timestamp_ntz') }}
    end
{%- endmacro %}

{% macro snowflake__trimmed(text) -%}
    nullif(trim({{ text }}, chr(9) || chr(10) || chr(13) || ' '), '')
{%- endmacro %}
{% macro snowflake__with_parts(relation, text, separator, name) -%}
    (
        select source.*, parts.value as {{ name }}
        from {{ relation }} as source, lateral split_to_table(source.{{ text }}, '{{ separator }}') as parts
    ) as with_parts
{%- endmacro %}

{% macro snowflake__json_text(text) %}to_json(to_variant({{ text }})){% endmacro %}

{% macro snowflake__timestamp_text(value) %}to_char({{ value }}, 'YYYY-MM-DD HH24:MI:SS.FF6'){% endmacro %}
{% macro snowflake__utc_from_zoned_text(text) -%}
    cast(convert_timezone('UTC', {{ try_cast_to(text, 'timestamp_tz') }}) as timestamp_ntz)
{%- endmacro %}
{% macro snowflake__zoned_moment(value) %}cast(convert_timezone('UTC', {{ value }}) as timestamp_ntz){% endmacro %}
{% macro snowflake__whole_microseconds(text) %}regexp_replace({{ text }}, '([.][0-9]{6})[0-9]+', '\\1'){% endmacro %}
{% macro snowflake__local_to_utc(timestamp, zone) %}convert_timezone('{{ zone }}', 'UTC', {{ timestamp }}){% endmacro %}
{% macro snowflake__is_time_zone(zone) %}{{ return(zone in modules.pytz.all_timezones) }}{% endmacro %}
{% macro snowflake__timestamp_from_hours(hours) %}dateadd('hour', {{ hours }}, cast('1970-01-01 00:00:00' as timestamp_ntz)){% endmacro %}

{% macro snowflake__type_double() %}{{ return('double') }}{% endmacro %}
{% macro snowflake__is_zoned_type(type) %}{{ return((type | lower) in ('timestamp_tz', 'timestamp_ltz')) }}{% endmacro %}
{% macro snowflake__is_finite_number(value) %}(abs(cast({{ value }} as double)) < cast('inf' as double)){% endmacro %}
{% macro snowflake__is_finite_time(value) %}({{ value }} is not null){% endmacro %}
