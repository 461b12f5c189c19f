{# A cast that gives null instead of an error. Check numbers by pattern first: DuckDB 2.0 reads '12.5' as the integer 13. #}
{% macro try_cast_to(value, type) %}{{ return(adapter.dispatch('try_cast_to')(value, type)) }}{% endmacro %}

{% macro default__try_cast_to(value, type) %}try_cast({{ value }} as {{ type }}){% endmacro %}

{% macro postgres__try_cast_to(value, type) %}
    case when pg_input_is_valid({{ value }}, '{{ type }}') then cast({{ value }} as {{ type }}) end
{% endmacro %}
