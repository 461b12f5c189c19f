{# The whole number below a number. Spark's floor of a double ends at 9.2e18, which is 9.2e12 with six decimals. #}
{% macro floor_of(number) %}{{ return(adapter.dispatch('floor_of')(number)) }}{% endmacro %}
{% macro default__floor_of(number) %}floor({{ number }}){% endmacro %}
{% macro spark__floor_of(number) %}floor(cast({{ number }} as decimal(38, 12))){% endmacro %}
