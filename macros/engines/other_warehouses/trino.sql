{# Trino. Compiled and parsed offline (make dialects), never run: docs/engines.md. Groups of a pattern are written $1. #}
{% macro trino__day_number(date) %}cast(date_diff('day', date '1970-01-01', cast({{ date }} as date)) as integer){% endmacro %}
{% macro trino__date_from_day(day) %}date_add('day', {{ day }}, date '1970-01-01'){% endmacro %}
{% macro trino__add_days(date, days) %}date_add('day', {{ days }}, {{ date }}){% endmacro %}

{# sequence() counts downwards where the last number is the smaller one #}
{% macro trino__day_series(first_day, last_day) %}
    select cast(days.day_number as integer) as day_number
    from (select {{ first_day }} as first_day, {{ last_day }} as last_day) as ends
    cross join unnest(sequence(ends.first_day, ends.last_day)) as days (day_number)
    where ends.first_day <= ends.last_day
{% endmacro %}

{% macro trino__hash_64(text) %}from_big_endian_64(xxhash64(to_utf8({{ text }}))){% endmacro %}
{% macro trino__matches(text, pattern) %}regexp_like({{ text }}, '^({{ pattern }})\z'){% endmacro %}

{% macro trino__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace('\\', '$') }}')
{%- endmacro %}

{% macro trino__ordered_listagg(text, separator, order_by) -%}
    listagg({{ text }}, {{ separator }}) within group (order by {{ order_by }}) filter (where {{ text }} is not null)
{%- endmacro %}

{% macro trino__parse_format(text, format) -%}
    {%- do check_format(format) -%}
    {%- set pattern = "'^" ~ format_pattern(format) ~ "\\z'" -%}
    {%- set iso = 'regexp_replace(' ~ text ~ ', ' ~ pattern ~ ", '" ~ iso_order(format) | replace('\\', '$') ~ "')" -%}
    case
        when regexp_like({{ text }}, {{ pattern }})
            then {{ try_cast_to('regexp_replace(' ~ iso ~ ", '^0*([0-9]{4}-)', '$1')", 'timestamp(6)') }}
    end
{%- endmacro %}

{% macro trino__trimmed(text) %}nullif(trim(both chr(9) || chr(10) || chr(13) || ' ' from {{ text }}), ''){% endmacro %}
{% macro trino__json_text(text) %}json_format(cast({{ text }} as json)){% endmacro %}

{% macro trino__with_parts(relation, text, separator, name) -%}
    (
        select source.*, parts.{{ name }}
        from {{ relation }} as source
        cross join unnest(split(source.{{ text }}, '{{ separator }}')) as parts ({{ name }})
    ) as with_parts
{%- endmacro %}

{% macro trino__timestamp_text(value) %}cast(cast({{ value }} as timestamp(6)) as varchar){% endmacro %}
{% macro trino__utc_from_zoned_text(text) -%}
    cast(try_cast({{ text }} as timestamp(6) with time zone) at time zone 'UTC' as timestamp(6))
{%- endmacro %}
{% macro trino__zoned_moment(value) %}cast({{ value }} at time zone 'UTC' as timestamp(6)){% endmacro %}
{% macro trino__whole_microseconds(text) %}regexp_replace({{ text }}, '([.][0-9]{6})[0-9]+', '$1'){% endmacro %}
{% macro trino__local_to_utc(timestamp, zone) -%}
    cast(with_timezone({{ timestamp }}, '{{ zone }}') at time zone 'UTC' as timestamp(6))
{%- endmacro %}
{% macro trino__is_time_zone(zone) %}{{ return(zone in modules.pytz.all_timezones) }}{% endmacro %}
{% macro trino__timestamp_from_hours(hours) %}date_add('hour', {{ hours }}, timestamp '1970-01-01 00:00:00.000000'){% endmacro %}

{% macro trino__type_double() %}{{ return('double') }}{% endmacro %}
{% macro trino__is_finite_number(value) %}is_finite(cast({{ value }} as double)){% endmacro %}
{% macro trino__is_finite_time(value) %}({{ value }} is not null){% endmacro %}
