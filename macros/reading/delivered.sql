{# Steps of raw_view_sql for one column. `type` is the delivered column's type, none where it is missing. #}

{# Text as delivered: trimmed of blanks, tabs and line ends, blank is null; whole numbers lose their ".0". #}
{% macro delivered_text(name, type) %}
    {%- if type is none -%} cast(null as {{ dbt.type_string() }})
    {%- elif is_text_type(type) -%} {{ trimmed(name) }}
    {%- elif is_exact_type(type) -%}
        case
            when {{ name }} = floor({{ name }}) then cast(cast({{ name }} as numeric(38, 0)) as {{ dbt.type_string() }})
            else cast({{ name }} as {{ dbt.type_string() }})
        end
    {%- elif is_decimal_type(type) -%}
        case
            when {{ is_finite_number(name) }} and abs({{ name }}) < 1e15 and {{ name }} = floor({{ name }})
                then cast(cast({{ name }} as bigint) as {{ dbt.type_string() }})
            else cast({{ name }} as {{ dbt.type_string() }})
        end
    {%- else -%} {{ trimmed('cast(' ~ as_delivered(name, type) ~ ' as ' ~ dbt.type_string() ~ ')') }}
    {%- endif -%}
{% endmacro %}

{# The value itself where its type already says what it is, so that fifty million timestamps are not parsed. #}
{% macro delivered_typed(name, kind, type) %}
    {%- if type is not none and kind != 'text' and kind in typed_kinds(type) -%}
        {{ zoned_moment(name) if is_zoned_type(type) else name }}
    {%- else -%} null
    {%- endif -%}
{% endmacro %}

{# Which kinds a delivered type needs no parsing for. #}
{% macro typed_kinds(type) %}
    {%- set name = type | lower -%}
    {%- if name.startswith('timestamp') or name.startswith('date') %}{% do return(['timestamp', 'date']) %}
    {%- elif is_number_type(type) %}{% do return(['number']) %}
    {%- elif name.startswith('bool') %}{% do return(['boolean']) %}
    {%- endif %}
    {% do return([]) %}
{% endmacro %}
