{# What the adapters do not name alike. #}
{% macro type_double() %}{{ return(adapter.dispatch('type_double')()) }}{% endmacro %}
{% macro default__type_double() %}{{ return('double precision') }}{% endmacro %}
{% macro spark__type_double() %}{{ return('double') }}{% endmacro %}
{% macro duckdb__type_double() %}{{ return('double') }}{% endmacro %}

{% macro is_text_type(type) %}{{ return((type | lower).startswith(('varchar', 'text', 'string', 'char', 'character'))) }}{% endmacro %}

{% macro is_decimal_type(type) %}
    {{ return((type | lower).startswith(('double', 'float', 'real', 'decimal', 'numeric'))) }}
{% endmacro %}

{% macro is_number_type(type) %}
    {{ return(is_decimal_type(type) or (type | lower).endswith(('int', 'integer')) or (type | lower) == 'long') }}
{% endmacro %}

{% macro is_zoned_type(type) %}{{ return(adapter.dispatch('is_zoned_type')(type)) }}{% endmacro %}
{# a timestamp without zone is timestamp_ntz there #}
{% macro spark__is_zoned_type(type) %}{{ return((type | lower) == 'timestamp') }}{% endmacro %}
{% macro default__is_zoned_type(type) %}
    {{ return('with time zone' in (type | lower) or (type | lower).startswith('timestamptz')) }}
{% endmacro %}

{# Neither infinite nor no number. #}
{% macro is_finite_number(value) %}{{ return(adapter.dispatch('is_finite_number')(value)) }}{% endmacro %}
{% macro duckdb__is_finite_number(value) %}isfinite({{ value }}){% endmacro %}
{% macro postgres__is_finite_number(value) %}abs(cast({{ value }} as numeric)) < 'infinity'{% endmacro %}

{# not a number is greater than infinity #}
{% macro spark__is_finite_number(value) %}(abs(cast({{ value }} as double)) < cast('infinity' as double)){% endmacro %}

{# A date or timestamp that is one. #}
{% macro is_finite_time(value) %}{{ return(adapter.dispatch('is_finite_time')(value)) }}{% endmacro %}
{% macro default__is_finite_time(value) %}isfinite({{ value }}){% endmacro %}
{% macro spark__is_finite_time(value) %}({{ value }} is not null){% endmacro %}

{# Numbers that are held exactly, whatever their size. #}
{% macro is_exact_type(type) %}{{ return((type | lower).startswith(('decimal', 'numeric'))) }}{% endmacro %}
