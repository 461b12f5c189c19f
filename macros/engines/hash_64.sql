{# 64-bit hash, to find candidates for duplicate keys cheaply. #}
{% macro hash_64(text) %}{{ return(adapter.dispatch('hash_64')(text)) }}{% endmacro %}
{% macro duckdb__hash_64(text) %}hash({{ text }}){% endmacro %}
