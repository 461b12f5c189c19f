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
