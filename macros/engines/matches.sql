{# Whether the whole text matches a regular expression. #}
{% macro matches(text, pattern) %}{{ return(adapter.dispatch('matches')(text, pattern)) }}{% endmacro %}

{% macro default__matches(text, pattern) %}({{ text }} ~ '^({{ pattern }})$'){% endmacro %}

{% macro duckdb__matches(text, pattern) %}regexp_full_match({{ text }}, '{{ pattern }}'){% endmacro %}

{# a $ would also be content with the place before a last line end #}
{% macro spark__matches(text, pattern) %}({{ text }} rlike '^({{ pattern }})(?s:(?!.))'){% endmacro %}
