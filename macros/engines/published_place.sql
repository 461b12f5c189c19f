{# Where readers find the marts, in words. #}
{% macro published_place() %}{{ return(adapter.dispatch('published_place')()) }}{% endmacro %}
{% macro default__published_place() %}{{ return('schema marts') }}{% endmacro %}
{% macro duckdb__published_place() %}{{ return(env_var('HEALTH_PUBLISHED_PATH', 'data/customer_health.duckdb')) }}{% endmacro %}
