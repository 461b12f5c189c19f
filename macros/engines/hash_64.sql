{# 64-bit hash, to find candidates for duplicate keys cheaply. Never stored beyond a run: each engine has another one. #}
{% macro hash_64(text) %}{{ return(adapter.dispatch('hash_64')(text)) }}{% endmacro %}
{% macro duckdb__hash_64(text) %}hash({{ text }}){% endmacro %}
{% macro postgres__hash_64(text) %}hashtextextended({{ text }}, 0){% endmacro %}
{% macro spark__hash_64(text) %}xxhash64({{ text }}){% endmacro %}
