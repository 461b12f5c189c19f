{# On Postgres, builds write to a schema of their own, and this makes the schema marts equal to it, in one transaction. Rows
   are replaced, not tables: a reader waits for nothing and sees what was before or what is after, and rights and policies
   of the tables stay as they are. #}
{% macro postgres__publish_build(marts) %}
    {% do run_query(publishing_sql(marts)) %}
    {% set problem = run_query('select max(problem) from publishing.last_problem').columns[0][0] %}
    {% if problem %}
        {% set sentence = 'The marts are built, but could not be published to the schema marts: ' ~ problem
            ~ '. Readers still have what was published last. Mend this, then run `dbt build` again.' %}
        {% do record_publishing_problem(sentence) %}
        {# or the failure below would take it back #}
        {% do run_query('commit') %}
        {{ return("do $$ begin raise exception '%', " ~ dbt.string_literal(dbt.escape_single_quotes(sentence)) ~ '; end $$') }}
    {% endif %}
    {{ return('') }}
{% endmacro %}


{# What goes wrong is written down and changes nothing: the block's other statements are undone. #}
{% macro publishing_sql(marts) %}
    begin;
    create schema if not exists marts;
    create schema if not exists publishing;
    create table if not exists publishing.dates_to_publish (as_of_date date);
    create table if not exists publishing.last_problem (problem text);
    delete from publishing.last_problem;
    do $publish$
    begin
        {%- for mart in marts %}
        {{ publish_view_sql(mart) if mart.is_view else publish_table_sql(mart) }}
        {%- endfor %}
        delete from publishing.dates_to_publish;
    exception when others then
        insert into publishing.last_problem values (sqlerrm);
    end
    $publish$;
    commit;
{% endmacro %}


{% macro publish_table_sql(mart) %}
    {% set built = marts_schema() ~ '.' ~ mart.name %}
    {% set published = 'marts.' ~ mart.name %}
    {% if not has_the_same_columns(mart.name) %}
        drop table if exists {{ published }} cascade;
        create table {{ published }} (like {{ built }});
        {{ comments_sql('table', mart) }}
    {% endif %}
    {% if mart.is_kept_by_date and not flags.FULL_REFRESH %}
        delete from {{ published }} where as_of_date in (select as_of_date from publishing.dates_to_publish);
        insert into {{ published }} select * from {{ built }} where as_of_date in (select as_of_date from publishing.dates_to_publish);
        {# more has changed than was noted, or the table is new #}
        if exists (select 1 from publishing.dates_to_publish where as_of_date is null)
            or (select count(*) from {{ published }}) <> (select count(*) from {{ built }})
        then
            delete from {{ published }};
            insert into {{ published }} select * from {{ built }};
        end if;
    {% else %}
        delete from {{ published }};
        insert into {{ published }} select * from {{ built }};
    {% endif %}
{% endmacro %}


{# A view over the published marts, which reads them with the rights of who asks. Replaced only when it has changed, because
   that waits for its readers. #}
{% macro publish_view_sql(mart) %}
    {% set view = 'marts.' ~ mart.name %}
    {% set definition = "replace(pg_get_viewdef('" ~ marts_schema() ~ '.' ~ mart.name ~ "'::regclass), '" ~ marts_schema()
        ~ ".', 'marts.')" %}
    if to_regclass('{{ view }}') is null or pg_get_viewdef(to_regclass('{{ view }}')) <> {{ definition }} then
        drop view if exists {{ view }} cascade;
        execute 'create view {{ view }} with (security_invoker = true) as ' || {{ definition }};
        {{ comments_sql('view', mart) }}
    end if;
{% endmacro %}


{% macro has_the_same_columns(name) %}
    {% set published = adapter.get_relation(target.database, 'marts', name) %}
    {% if not published %}{{ return(false) }}{% endif %}
    {% set built = adapter.get_relation(target.database, marts_schema(), name) %}
    {% set columns = [] %}
    {% for relation in (built, published) %}
        {% set described = [] %}
        {% for column in adapter.get_columns_in_relation(relation) %}
            {% do described.append(column.name ~ ' ' ~ column.data_type) %}
        {% endfor %}
        {% do columns.append(described | join(', ')) %}
    {% endfor %}
    {{ return(columns[0] == columns[1]) }}
{% endmacro %}


{# The descriptions of a mart and its columns, for who looks at it with a tool. #}
{% macro comments_sql(kind, mart) %}
    comment on {{ kind }} marts.{{ mart.name }} is {{ dbt.string_literal(dbt.escape_single_quotes(mart.description)) }};
    {% for column, description in mart.columns.items() if description %}
    comment on column marts.{{ mart.name }}.{{ column }} is {{ dbt.string_literal(dbt.escape_single_quotes(description)) }};
    {% endfor %}
{% endmacro %}


{# A row without a date stands for every date. #}
{% macro postgres__forget_publication() %}
    {% set noted %}
        begin;
        create schema if not exists publishing;
        create table if not exists publishing.dates_to_publish (as_of_date date);
        insert into publishing.dates_to_publish values (null);
        commit;
    {% endset %}
    {% do run_query(noted) %}
{% endmacro %}
