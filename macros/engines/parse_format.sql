{# A moment or date in a declared format (var date_formats); null where the text is not in it. #}
{% macro parse_format(text, format) %}{{ return(adapter.dispatch('parse_format')(text, format)) }}{% endmacro %}

{# DuckDB's strptime takes the words epoch and infinity for times, whatever the format #}
{% macro duckdb__parse_format(text, format) %}case when regexp_matches({{ text }}, '[0-9]') then cast(try_strptime({{ text }}, '{{ format }}') as timestamp) end{% endmacro %}

{# Put into ISO order by the format's pattern, then read like any other text. #}
{% macro postgres__parse_format(text, format) -%}
    {%- do check_format(format) -%}
    {%- set pattern = "'^" ~ format_pattern(format) ~ "$'" -%}
    {%- set iso = 'regexp_replace(' ~ text ~ ', ' ~ pattern ~ ", '" ~ iso_order(format) ~ "')" -%}
    case when {{ text }} ~ {{ pattern }} then {{ try_cast_to(iso, 'timestamp') }} end
{%- endmacro %}

{# The same on Spark, whose groups are written $1, whose texts have backslashes doubled, and whose years have four digits. #}
{% macro spark__parse_format(text, format) -%}
    {%- do check_format(format) -%}
    {%- set pattern = "'^" ~ format_pattern(format) | replace('\\', '\\\\') ~ "(?s:(?!.))'" -%}
    {%- set iso = 'regexp_replace(' ~ text ~ ', ' ~ pattern ~ ", '" ~ iso_order(format) | replace('\\', '$') ~ "')" -%}
    case
        when {{ text }} rlike {{ pattern }}
            then {{ try_cast_to('regexp_replace(' ~ iso ~ ", '^0*([0-9]{4}-)', '$1')", 'timestamp') }}
    end
{%- endmacro %}

{# Other parts than these have no pattern here. #}
{% macro check_format(format) %}
    {% set parts = modules.re.findall('%.', format) %}
    {% set unknown = parts | reject('in', ['%Y', '%m', '%d', '%H', '%M', '%S']) | list %}
    {% if unknown or '%Y' not in parts or '%m' not in parts or '%d' not in parts or parts | unique(case_sensitive=true) | list | length < parts | length %}
        {% do exceptions.raise_compiler_error('The var date_formats has "' ~ format ~ '"; on Postgres and Spark a format is made of %Y, %m and'
            ~ ' %d, perhaps %H, %M and %S, each once, and what stands between them.') %}
    {% endif %}
{% endmacro %}

{# As a regular expression with a group for each part. #}
{% macro format_pattern(format) %}
    {% set pattern = [] %}
    {% for piece in modules.re.findall('%.|.', format) %}
        {% if piece == '%Y' %}{% do pattern.append('([0-9]{1,4})') %}
        {% elif piece == '%H' %}{% do pattern.append('([01]?[0-9]|2[0-3])') %}
        {% elif piece in ('%M', '%S') %}{% do pattern.append('([0-5]?[0-9])') %}
        {% elif piece.startswith('%') %}{% do pattern.append('([0-9]{1,2})') %}
        {% elif piece == ' ' %}{% do pattern.append(' +') %}
        {% else %}{% do pattern.append(modules.re.sub('([^A-Za-z0-9])', '\\\\\\1', piece)) %}
        {% endif %}
    {% endfor %}
    {{ return(pattern | join('')) }}
{% endmacro %}

{# The groups as year-month-day hour:minute:second; what the format lacks is 0. #}
{% macro iso_order(format) %}
    {% set parts = modules.re.findall('%[YmdHMS]', format) %}
    {% set ordered = [] %}
    {% for part in ('%Y', '%m', '%d', '%H', '%M', '%S') %}
        {% do ordered.append('\\' ~ (parts.index(part) + 1) if part in parts else '0') %}
    {% endfor %}
    {{ return('000%s-%s-%s %s:%s:%s' | format(*ordered)) }}
{% endmacro %}
