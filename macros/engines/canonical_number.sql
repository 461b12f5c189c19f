{# A decimal(38, 12) as text without trailing zeros: 0.10, 1e-1 and .1 are all 0.1. Decimal, because the text of a double
   differs between engines. #}
{% macro canonical_number(number) %}{{ return(adapter.dispatch('canonical_number')(number)) }}{% endmacro %}

{% macro default__canonical_number(number) -%}
    trim(trailing '.' from trim(trailing '0' from cast({{ number }} as {{ dbt.type_string() }})))
{%- endmacro %}

{# Spark writes a small decimal as 1E-7. #}
{% macro spark__canonical_number(number) -%}
    format_number({{ number }}, '0.############')
{%- endmacro %}

{# A computed number in a sentence, without the noise of the last bits. #}
{% macro rounded_text(number) -%}
    {{ canonical_number('cast(' ~ number ~ ' as decimal(28, 6))') }}
{%- endmacro %}
