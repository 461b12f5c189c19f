{# How a value of a typed column is read; null where it is infinite or too large. #}
{% macro read_typed_number(value) -%}
    case
        when {{ is_finite_number(value) }} and abs({{ value }}) < 1e15 then cast({{ value }} as {{ type_double() }})
    end
{%- endmacro %}

{# A typed date is that UTC date; a timestamp with zone is converted; one without is in source_timezone. #}
{% macro read_typed_timestamp(value, type) %}
    {%- set name = type | lower -%}
    {%- set plain = 'cast(' ~ value ~ ' as ' ~ dbt.type_timestamp() ~ ')' -%}
    {%- if name.startswith('date') or is_zoned_type(type) %}{% set utc = plain %}
    {%- else %}{% set utc = utc_from_local(plain) %}
    {%- endif -%}
    case when {{ is_finite_time(value) }} then {{ utc }} end
{%- endmacro %}

{% macro read_typed_date(value) -%}
    case when {{ is_finite_time(value) }} then cast({{ value }} as date) end
{%- endmacro %}
