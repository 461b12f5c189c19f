{# A schema of this name, where there is none. Spark's catalog answers `if not exists` with a hundred lines of Java in the log. #}
{% macro make_schema(name) %}{{ return(adapter.dispatch('make_schema')(name)) }}{% endmacro %}
{% macro default__make_schema(name) %}{% do run_query('create schema if not exists ' ~ name) %}{% endmacro %}

{% macro spark__make_schema(name) %}
    {% if name not in run_query('show schemas').columns[0].values() %}{% do run_query('create schema ' ~ name) %}{% endif %}
{% endmacro %}
