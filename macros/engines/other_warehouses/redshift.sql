{# Redshift. Compiled and parsed offline (make dialects), never run: docs/engines.md. What is not here is as on Postgres. #}
{# generate_series() makes rows on the leader node only, so numbers come from digits: 100,000 days are 273 years #}
{% macro redshift__day_series(first_day, last_day) %}
    select ends.first_day + numbers.number as day_number
    from (select {{ first_day }} as first_day, {{ last_day }} as last_day) as ends
    inner join {{ numbers_from_zero(5) }} as numbers
        on ends.first_day + numbers.number <= ends.last_day
{% endmacro %}

{# Whole numbers of at most so many digits, as column number. #}
{% macro numbers_from_zero(digits) -%}
    (
        select 0 {%- for place in range(digits) %} + {{ 10 ** place }} * digit_{{ place }}.digit {%- endfor %} as number
        from
            {%- for place in range(digits) %}
            (
                {%- for digit in range(10) %}select {{ digit }} as digit{{ ' union all ' if not loop.last }}{% endfor -%}
            ) as digit_{{ place }}{{ ' cross join' if not loop.last }}
            {%- endfor %}
    )
{%- endmacro %}

{% macro redshift__engine_version() %}version(){% endmacro %}
{% macro redshift__hash_64(text) %}farmfingerprint64({{ text }}){% endmacro %}
{# texts compare as bytes there #}
{% macro redshift__as_bytes(text) %}{{ text }}{% endmacro %}

{% macro redshift__ordered_listagg(text, separator, order_by) -%}
    listagg({{ text }}, {{ separator }}) within group (order by {{ order_by }})
{%- endmacro %}

{% macro redshift__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{% macro redshift__trimmed(text) %}nullif(btrim({{ text }}, chr(9) || chr(10) || chr(13) || ' '), ''){% endmacro %}
{% macro redshift__json_text(text) %}json_serialize(cast({{ text }} as super)){% endmacro %}

{% macro redshift__with_parts(relation, text, separator, name) -%}
    (
        select source.*, split_part(source.{{ text }}, '{{ separator }}', numbers.number + 1) as {{ name }}
        from {{ relation }} as source
        inner join {{ numbers_from_zero(2) }} as numbers
            on numbers.number <= regexp_count(source.{{ text }}, '[{{ separator }}]')
    ) as with_parts
{%- endmacro %}

{% macro redshift__try_cast_to(value, type) %}try_cast({{ value }} as {{ type }}){% endmacro %}
{% macro redshift__is_finite_number(value) -%}
    (abs(cast({{ value }} as double precision)) < cast('infinity' as double precision))
{%- endmacro %}
{% macro redshift__is_finite_time(value) %}({{ value }} is not null){% endmacro %}
