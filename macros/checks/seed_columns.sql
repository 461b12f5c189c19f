{# Select list that reads one seed into int_checks__seed_rows: its cells trimmed, blank as null, the other
   seeds' columns null; row_text is the row as it stands in the file, canonical_text its one spelling. #}
{% macro seed_columns(seed) %}
    {%- set own = seed_nodes()[seed].config.column_types.keys() | list if execute else [] -%}
    '{{ seed }}' as seed_name,
    {% for column in own %}{{ csv_cell(column) }}{{ " || ',' || " if not loop.last else ' as row_text,' }}{% endfor %}
    {% if own %}{{ canonical_row(seed_nodes()[seed]) }}{% else %}null{% endif %} as canonical_text,
    {%- for column in seed_column_names() %}
    {{ trimmed(column) if column in own else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as {{ column }},
    {%- endfor %}
    {% if own %}coalesce({% for column in own %}{{ trimmed(column) }}{{ ', ' if not loop.last }}{% endfor %}, ''){% else %}''{% endif %} <> '' as is_filled
{%- endmacro %}

{# A cell as the file has it: quoted where it holds a comma or a quote. #}
{% macro csv_cell(column) -%}
    case
        when position(',' in {{ column }}) > 0 or position('"' in {{ column }}) > 0
            then '"' || replace({{ column }}, '"', '""') || '"'
        else coalesce({{ column }}, '')
    end
{%- endmacro %}

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
    select
        '{{ seed }}' as seed_name, '{{ column }}' as column_name, '{{ meta.kind }}' as kind,
        {{ meta.required is defined }} as is_required, {{ meta.whole is defined }} as is_whole,
        {{ meta.min if meta.min is defined else 'null' }} as lowest, {{ meta.max if meta.max is defined else 'null' }} as highest,
        {{ meta.above if meta.above is defined else 'null' }} as above,
        '{{ (meta.codes or []) | join(', ') }}' as codes,
        '{{ meta.expects if meta.expects else 'one of ' ~ (meta.codes or []) | join(', ') }}' as expects
{%- endmacro %}

{# The cell of a row of int_checks__seed_rows that a column name points to. #}
{% macro seed_cell(column_name) -%}
    case {{ column_name }}
    {%- for column in seed_column_names() %} when '{{ column }}' then seed_rows.{{ column }}{% endfor %}
    {%- if not execute %} when '' then '' {% endif %} end
{%- endmacro %}
