{# One row per column of any seed: what its YAML says about the cells. #}
{% macro seed_column_rules() %}
    {%- set rules = [] -%}
    {%- for node in seed_nodes().values() | sort(attribute='name') -%}
        {%- for column in node.columns.values() -%}
            {%- do rules.append(seed_column_rule(node.name, column.name, column.config.meta)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ rules | join('\n    union all\n    ') if rules else seed_column_rule('', '', {}) }}
{%- endmacro %}

{% macro seed_column_rule(seed, column, meta) -%}
    {#- typed, because Postgres takes a union that begins with bare nulls for text -#}
    {%- set no_bound = 'cast(null as ' ~ type_double() ~ ')' -%}
    select
        '{{ seed }}' as seed_name, '{{ column }}' as column_name, '{{ meta.kind }}' as kind,
        {{ meta.required is defined }} as is_required, {{ meta.whole is defined }} as is_whole,
        {{ meta.min if meta.min is defined else no_bound }} as lowest, {{ meta.max if meta.max is defined else no_bound }} as highest,
        {{ meta.above if meta.above is defined else no_bound }} as above,
        '{{ (meta.codes or []) | join(', ') }}' as codes,
        '{{ meta.expects if meta.expects else 'one of ' ~ (meta.codes or []) | join(', ') }}' as expects
{%- endmacro %}

{# The cell of a row of int_checks__seed_rows that a column name points to. #}
{% macro seed_cell(column_name) -%}
    case {{ column_name }}
    {%- for column in seed_column_names() %} when '{{ column }}' then seed_rows.{{ column }}{% endfor %}
    {%- if not execute %} when '' then '' {% endif %} end
{%- endmacro %}
