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


{# What goes wrong is written down and changes nothing: the block's other statements are undone. Who publishes holds a lock
   for which the next build waits (wait_for_publication). #}
{% macro publishing_sql(marts) %}
    {% set changes = changes_of_columns(marts) %}
    begin;
    select pg_advisory_xact_lock(hashtext('customer_health_publication'));
    create schema if not exists marts;
    create schema if not exists publishing;
    create table if not exists publishing.dates_to_publish (as_of_date date);
    create table if not exists publishing.last_problem (problem text);
    delete from publishing.last_problem;
    do $publish$
    begin
        {{ wait_for_readers_sql(marts, changes) }}
        {%- for mart in marts %}
        {{ publish_view_sql(mart) if mart.is_view else publish_table_sql(mart, changes.get(mart.name)) }}
        {%- endfor %}
        delete from publishing.dates_to_publish;
    exception when others then
        insert into publishing.last_problem values (sqlerrm);
    end
    $publish$;
    commit;
{% endmacro %}


{# Statements that change a mart need it for themselves. A reader in a transaction over several marts would then wait for
   this one and this one for the reader, until Postgres ends one of them with an error; so this one asks for all of them at
   once, and steps back before Postgres looks for such a knot (deadlock_timeout, one second unless somebody set it). #}
{% macro wait_for_readers_sql(marts, changes) %}
    {% set changed = changes.keys() | list %}
    {% for mart in marts if mart.is_view and (changed or is_changed_view(mart)) %}
        {% if published_relation(mart) %}{% do changed.append(mart.name) %}{% endif %}
    {% endfor %}
    {% if not changed %}{{ return('') }}{% endif %}
    for tries in 1..200 loop
        begin
            perform set_config('lock_timeout', '800ms', true);
            lock table marts.{{ changed | join(', marts.') }} in access exclusive mode;
            exit;
        exception when lock_not_available then
            if tries = 200 then
                raise exception 'marts whose columns have changed are being read without a pause';
            end if;
            perform pg_sleep(random());
        end;
    end loop;
    perform set_config('lock_timeout', '0', true);
{% endmacro %}


{% macro publish_table_sql(mart, changes) %}
    {% set built = marts_schema() ~ '.' ~ mart.name %}
    {% set published = 'marts.' ~ mart.name %}
    {% set columns = columns_by_name(marts_schema(), mart.name).keys() | join(', ') %}
    {% if not published_relation(mart) %}
        {{ drop_other_kind_sql(mart) }}
        create table {{ published }} (like {{ built }} including indexes);
        {{ comments_sql('table', mart) }}
    {% elif changes %}
        alter table {{ published }} {{ changes | join(', ') }};
        {{ comments_sql('table', mart) }}
    {% endif %}
    {% if mart.is_kept_by_date and not changes and not flags.FULL_REFRESH %}
        delete from {{ published }} where as_of_date in (select as_of_date from publishing.dates_to_publish);
        insert into {{ published }} ({{ columns }})
        select {{ columns }} from {{ built }} where as_of_date in (select as_of_date from publishing.dates_to_publish);
        {# more has changed than was noted, or the table is new #}
        if exists (select 1 from publishing.dates_to_publish where as_of_date is null)
            or (select count(*) from {{ published }}) <> (select count(*) from {{ built }})
        then
            delete from {{ published }};
            insert into {{ published }} ({{ columns }}) select {{ columns }} from {{ built }};
        end if;
    {% else %}
        delete from {{ published }};
        insert into {{ published }} ({{ columns }}) select {{ columns }} from {{ built }};
    {% endif %}
{% endmacro %}


{# A view over the published marts, which reads them with the rights of who asks. Replaced only when it has changed, because
   that waits for its readers. #}
{% macro publish_view_sql(mart) %}
    {% set view = 'marts.' ~ mart.name %}
    {% set definition = view_definition_sql(mart) %}
    {{ drop_other_kind_sql(mart) }}
    if to_regclass('{{ view }}') is null or pg_get_viewdef(to_regclass('{{ view }}')) <> {{ definition }} then
        drop view if exists {{ view }} cascade;
        execute 'create view {{ view }} with (security_invoker = true) as ' || {{ definition }};
        {{ comments_sql('view', mart) }}
    end if;
{% endmacro %}


{# The view that a build made, reading the marts that readers see. #}
{% macro view_definition_sql(mart) %}
    {{ return("replace(pg_get_viewdef('" ~ marts_schema() ~ '.' ~ mart.name ~ "'::regclass), '" ~ marts_schema()
        ~ ".', 'marts.')") }}
{% endmacro %}


{% macro is_changed_view(mart) %}
    {% set definition = view_definition_sql(mart) %}
    {{ return(run_query("select pg_get_viewdef(to_regclass('marts." ~ mart.name ~ "')) <> " ~ definition).columns[0][0]) }}
{% endmacro %}


{# What readers have of a mart, if it is of the same kind: a table, or a view. #}
{% macro published_relation(mart) %}
    {% set published = adapter.get_relation(target.database, 'marts', mart.name) %}
    {{ return(published if published and published.is_view == mart.is_view else none) }}
{% endmacro %}


{% macro drop_other_kind_sql(mart) %}
    {% if adapter.get_relation(target.database, 'marts', mart.name) and not published_relation(mart) %}
        drop {{ 'table' if mart.is_view else 'view' }} if exists marts.{{ mart.name }} cascade;
    {% endif %}
{% endmacro %}


{# {mart: actions of an alter table} of published tables whose columns are no longer those of the built ones. A table keeps its
   rights and policies that way; a column of another type is a new one. What still reads a column that goes, goes with it. #}
{% macro changes_of_columns(marts) %}
    {% set changes = {} %}
    {% for mart in marts if not mart.is_view and published_relation(mart) %}
        {% set built = columns_by_name(marts_schema(), mart.name) %}
        {% set published = columns_by_name('marts', mart.name) %}
        {% set actions = [] %}
        {% for name, type in published.items() if built.get(name) != type %}
            {% do actions.append('drop column ' ~ name ~ ' cascade') %}
        {% endfor %}
        {% for name, type in built.items() if published.get(name) != type %}
            {% do actions.append('add column ' ~ name ~ ' ' ~ type) %}
        {% endfor %}
        {% if actions %}{% do changes.update({mart.name: actions}) %}{% endif %}
    {% endfor %}
    {{ return(changes) }}
{% endmacro %}


{# {column: type with its collation}, in the table's order. #}
{% macro columns_by_name(schema, name) %}
    {% set asked %}
        select
            quote_ident(a.attname),
            format_type(a.atttypid, a.atttypmod)
            || case when c.collname is null or c.collname = 'default' then '' else ' collate ' || quote_ident(c.collname) end
        from pg_attribute as a
        left join pg_collation as c on a.attcollation = c.oid
        where a.attrelid = to_regclass('{{ schema }}.{{ name }}') and a.attnum > 0 and not a.attisdropped
        order by a.attnum
    {% endset %}
    {% set columns = {} %}
    {% for row in run_query(asked).rows %}{% do columns.update({row[0]: row[1]}) %}{% endfor %}
    {{ return(columns) }}
{% endmacro %}


{# A build that was killed while it published goes on publishing on the server. It has to end before the next one notes its
   dates: it forgets all that are noted. #}
{% macro wait_for_publication() %}{{ return(adapter.dispatch('wait_for_publication')()) }}{% endmacro %}
{% macro default__wait_for_publication() %}{% endmacro %}
{% macro postgres__wait_for_publication() %}
    {% do run_query("begin; select pg_advisory_xact_lock(hashtext('customer_health_publication')); commit") %}
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
