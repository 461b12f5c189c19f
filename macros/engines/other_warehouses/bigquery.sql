{# BigQuery. Compiled and parsed offline (make dialects), never run: docs/engines.md. #}
{% macro bigquery__day_number(date) %}unix_date(cast({{ date }} as date)){% endmacro %}
{% macro bigquery__date_from_day(day) %}date_from_unix_date(cast({{ day }} as int64)){% endmacro %}
{% macro bigquery__add_days(date, days) %}date_add({{ date }}, interval cast({{ days }} as int64) day){% endmacro %}

{% macro bigquery__day_series(first_day, last_day) %}
    select day_number from unnest(generate_array({{ first_day }}, {{ last_day }})) as day_number
{% endmacro %}

{# it has no version to name #}
{% macro bigquery__engine_version() %}'BigQuery'{% endmacro %}
{% macro bigquery__hash_64(text) %}farm_fingerprint({{ text }}){% endmacro %}
{% macro bigquery__matches(text, pattern) %}regexp_contains({{ text }}, r'^(?:{{ pattern }})\z'){% endmacro %}

{% macro bigquery__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, r'{{ pattern }}', r'{{ replacement }}')
{%- endmacro %}

{% macro bigquery__parse_format(text, format) -%}
    {%- do check_format(format) -%}
    {%- set pattern = "r'^" ~ format_pattern(format) ~ "\\z'" -%}
    {%- set iso = 'regexp_replace(' ~ text ~ ', ' ~ pattern ~ ", r'" ~ iso_order(format) ~ "')" -%}
    case
        when regexp_contains({{ text }}, {{ pattern }})
            then {{ try_cast_to('regexp_replace(' ~ iso ~ ", r'^0*([0-9]{4}-)', r'\\1')", 'timestamp') }}
    end
{%- endmacro %}

{% macro bigquery__trimmed(text) %}nullif(trim({{ text }}, ' \t\n\r'), ''){% endmacro %}
{% macro bigquery__json_text(text) %}case when {{ text }} is not null then to_json_string({{ text }}) end{% endmacro %}

{% macro bigquery__with_parts(relation, text, separator, name) -%}
    (
        select source.*, {{ name }}
        from {{ relation }} as source
        cross join unnest(split(source.{{ text }}, '{{ separator }}')) as {{ name }}
    ) as with_parts
{%- endmacro %}

{% macro bigquery__timestamp_text(value) %}format_timestamp('%F %H:%M:%E6S', {{ value }}){% endmacro %}
{% macro bigquery__utc_from_zoned_text(text) %}safe_cast({{ text }} as timestamp){% endmacro %}
{% macro bigquery__zoned_moment(value) %}{{ value }}{% endmacro %}
{% macro bigquery__whole_microseconds(text) %}regexp_replace({{ text }}, r'([.][0-9]{6})[0-9]+', r'\1'){% endmacro %}
{% macro bigquery__local_to_utc(timestamp, zone) %}timestamp(datetime({{ timestamp }}), '{{ zone }}'){% endmacro %}
{% macro bigquery__is_time_zone(zone) %}{{ return(zone in modules.pytz.all_timezones) }}{% endmacro %}
{% macro bigquery__timestamp_from_hours(hours) %}timestamp_seconds(cast({{ hours }} as int64) * 3600){% endmacro %}

{% macro bigquery__try_cast_to(value, type) %}safe_cast({{ value }} as {{ type }}){% endmacro %}
{% macro bigquery__type_double() %}{{ return('float64') }}{% endmacro %}
{# a timestamp without a zone is a datetime there #}
{% macro bigquery__is_zoned_type(type) %}{{ return((type | lower) == 'timestamp') }}{% endmacro %}
{% macro bigquery__is_finite_number(value) -%}
    (not is_inf(cast({{ value }} as float64)) and not is_nan(cast({{ value }} as float64)))
{%- endmacro %}
{% macro bigquery__is_finite_time(value) %}({{ value }} is not null){% endmacro %}
