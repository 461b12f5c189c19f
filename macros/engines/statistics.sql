{# What Postgres needs to know of a table before anything reads it. dbt calls this of a table that is new, with all its rows:
   without figures about them, the planner takes a table of seconds ago for a small one and joins it row by row. Tables that
   later runs add to get an index on the day that those replace and read. #}
{% macro postgres__create_indexes(relation) %}
    {% do default__create_indexes(relation) %}
    {% set day = replaced_day() %}
    {% if day %}
        {% set names = adapter.get_columns_in_relation(relation) | map(attribute='name') | list %}
        {% set is_of_accounts = day == 'as_of_date' and 'account_id' in names %}
        {# its name is Postgres's choice: the table of before may still be there with its own #}
        {% do run_query('create index on ' ~ relation ~ ' (' ~ day ~ (', account_id' if is_of_accounts else '') ~ ')') %}
    {% endif %}
    {% do run_query('analyze ' ~ relation) %}
{% endmacro %}

{# A table in the settings of a warehouse and not of many short questions: for this statement's transaction, and only if they
   are Postgres's own. The memory is for each sort and each hash table. Compiling would take longer than most of these
   statements. Row by row, two tables are joined only where nothing else is possible: of a join within a query the planner
   often expects a single row, and finds thousands. #}
{% macro postgres__create_table_as(temporary, relation, sql) %}
    {% if execute %}
        {% do run_query("select set_config(name, case name when 'work_mem' then '64MB' else 'off' end, true) from pg_settings"
            ~ " where name in ('work_mem', 'jit', 'enable_nestloop') and source = 'default'") %}
    {% endif %}
    {{ return(dbt.postgres__create_table_as(temporary, relation, sql)) }}
{% endmacro %}

{# What looks for few rows by an index goes without these settings. #}
{% macro few_rows() %}{{ return(adapter.dispatch('few_rows')()) }}{% endmacro %}
{% macro default__few_rows() %}{{ return('') }}{% endmacro %}
{% macro postgres__few_rows() %}{{ return('set local enable_nestloop to default;') }}{% endmacro %}
