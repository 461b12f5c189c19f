{# dbt's own macros for the rows of a seed and for quotes in texts, which take no account of a quote or a backslash in a
   cell, write an empty cell as the text None, and declare text as varchar without a length. #}
{% macro spark__create_csv_table(model, agate_table) %}
    {% set columns = [] %}
    {% for name in agate_table.column_names %}{% do columns.append(adapter.quote(name) ~ ' string') %}{% endfor %}
    {% do run_query('create table ' ~ this ~ ' (' ~ columns | join(', ') ~ ') using parquet') %}
    {{ return('') }}
{% endmacro %}

{% macro spark__load_csv_rows(model, agate_table) %}
    {% set rows = [] %}
    {% for row in agate_table.rows %}
        {% set cells = [] %}
        {% for cell in row %}
            {% do cells.append('cast(null as string)' if cell is none else dbt.string_literal(dbt.escape_single_quotes(cell | string))) %}
        {% endfor %}
        {% do rows.append('(' ~ cells | join(', ') ~ ')') %}
    {% endfor %}
    {% if rows %}{% do run_query('insert into ' ~ this ~ ' values ' ~ rows | join(', ')) %}{% endif %}
    {{ return('') }}
{% endmacro %}

{% macro spark__escape_single_quotes(expression) -%}
    {{ expression | replace('\\', '\\\\') | replace("'", "\\'") }}
{%- endmacro %}
