{# Which version of the engine is running, as text. #}
{% macro engine_version() %}{{ return(adapter.dispatch('engine_version')()) }}{% endmacro %}
{% macro default__engine_version() %}version(){% endmacro %}
{% macro postgres__engine_version() %}current_setting('server_version'){% endmacro %}
{% macro spark__engine_version() %}split_part(version(), ' ', 1){% endmacro %}
