{# A view in the place of one of the same name. #}
{% macro replace_view_sql(view, sql) %}{{ return(adapter.dispatch('replace_view_sql')(view, sql)) }}{% endmacro %}

{% macro default__replace_view_sql(view, sql) %}create or replace view {{ view }} as {{ sql }}{% endmacro %}

{# Postgres does not replace a view whose columns have other types now: a column was delivered as another type. What reads
   it goes with it, and comes back in the build. #}
{% macro postgres__replace_view_sql(view, sql) %}
    do $replace_view$
    begin
        create or replace view {{ view }} as {{ sql }};
    exception when invalid_table_definition then
        drop view {{ view }} cascade;
        create view {{ view }} as {{ sql }};
    end
    $replace_view$
{% endmacro %}
