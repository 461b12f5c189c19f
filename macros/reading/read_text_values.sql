{# How a text becomes a value (interface.md, "Reading values"): checked by pattern first, because engines
   accept more than they should ('2025-1-5', 'epoch', '1_000'). Null where it cannot be read. #}

{% macro timestamp_pattern() -%}
    [0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)?)?
{%- endmacro %}

{# No time but a date: that UTC date. An offset is converted, never dropped. No offset: source_timezone. #}
{% macro read_timestamp(text, format=none) %}
    {%- if format %} {{ read_formatted(text, format) }}
    {%- else -%}
        case
            when not {{ matches(text, timestamp_pattern()) }} or left({{ text }}, 4) = '0000' then null
            when length({{ text }}) = 10 then {{ try_cast_to(text, dbt.type_timestamp()) }}
            when {{ matches(text, '.*(Z|[+-][0-9:]{2,6})') }} and length({{ text }}) > 16
                then {{ utc_from_zoned_text(whole_microseconds(text)) }}
            else {{ utc_from_local(try_cast_to(whole_microseconds(text), dbt.type_timestamp())) }}
        end
    {%- endif -%}
{% endmacro %}

{# A date as written: the first ten characters of anything that is a readable timestamp. #}
{% macro read_date(text, format=none) %}
    {%- if format %} cast({{ parse_format(text, format) }} as date)
    {%- else -%}
        case
            when {{ matches(text, timestamp_pattern()) }} and left({{ text }}, 4) <> '0000'
                then {{ try_cast_to('left(' ~ text ~ ', 10)', 'date') }}
        end
    {%- endif -%}
{% endmacro %}

{% macro read_formatted(text, format) %}
    {%- if '%z' in format -%} {{ parse_format(text, format) }}
    {%- elif '%H' in format or '%I' in format -%} {{ utc_from_local(parse_format(text, format)) }}
    {%- else -%} {{ parse_format(text, format) }}
    {%- endif -%}
{% endmacro %}

{# Beyond 1e15 a double no longer holds cents. #}
{% macro read_number(text) -%}
    case
        when {{ matches(text, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?') }}
            and abs({{ try_cast_to(text, type_double()) }}) < 1e15
            then {{ try_cast_to(text, type_double()) }}
    end
{%- endmacro %}

{% macro read_boolean(text) -%}
    case
        when lower({{ text }}) in ('true', 't', 'yes', 'y', '1') then true
        when lower({{ text }}) in ('false', 'f', 'no', 'n', '0') then false
    end
{%- endmacro %}

{# source_timezone is UTC for most, and then nothing needs converting. #}
{% macro utc_from_local(timestamp) %}
    {%- if var('source_timezone') == 'UTC' -%} {{ timestamp }}
    {%- else -%} {{ local_to_utc(timestamp, var('source_timezone')) }}
    {%- endif -%}
{% endmacro %}
