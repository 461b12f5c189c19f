{# Tables on Spark: managed ones of Parquet files. A table is declared first and filled then, because what a killed
   `create table as` leaves behind is files without a table, which stop every later one. #}

{# Every build makes these anew before anything reads them. #}
{% materialization table, adapter='spark' %}
    {% set relation = this.incorporate(type='table') %}
    {% set existing = load_relation(this) %}
    {{ run_hooks(pre_hooks) }}
    {% if existing %}{% do adapter.drop_relation(existing) %}{% endif %}
    {% set rows = contracted(sql) %}
    {% set names = declare_table(relation, rows) %}
    {% call statement('main') %}insert into {{ relation }} select {{ names }} from ({{ rows }}){% endcall %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}


{# What is to be stored is computed first and put in place then, so that a build which fails on the way has changed nothing. #}
{% materialization incremental, adapter='spark' %}
    {% set relation = this.incorporate(type='table') %}
    {% set existing = load_relation(this) %}
    {{ run_hooks(pre_hooks) }}
    {% if existing is none or existing.is_view or should_full_refresh() %}
        {% do replace_table(relation, contracted(sql), replaced_day()) %}
    {% else %}
        {% set fresh = beside(relation, '__fresh') %}
        {% do fill_table(fresh, contracted(sql)) %}
        {% do process_schema_changes(config.get('on_schema_change'), fresh, existing) %}
        {% do put_rows(fresh, relation) %}
        {% do run_query('drop table ' ~ fresh) %}
    {% endif %}
    {% call statement('main') %}select 1{% endcall %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}


{# dbt's own snapshot wants a merge; here the table is written anew where something has changed. #}
{% materialization snapshot, adapter='spark' %}
    {% set relation = this.incorporate(type='table') %}
    {% set existing = load_relation(this) %}
    {{ run_hooks(pre_hooks) }}
    {% set strategy = strategy_dispatch(config.get('strategy'))(
        model, 'snapshotted_data', 'source_data', model['config'], existing is not none
    ) %}
    {% if existing is none %}
        {% do replace_table(relation, build_snapshot_table(strategy, model['compiled_code'])) %}
    {% else %}
        {% set changes = beside(relation, '__changes') %}
        {% do fill_table(changes, snapshot_staging_table(strategy, sql, relation)) %}
        {% set own = ['dbt_change_type', 'dbt_unique_key'] %}
        {% do create_columns(relation, adapter.get_missing_columns(changes, relation) | rejectattr('name', 'in', own) | list) %}
        {% if run_query('select count(*) from ' ~ changes).columns[0][0] > 0 %}
            {% do replace_table(relation, changed_snapshot_sql(relation, changes)) %}
        {% endif %}
        {% do run_query('drop table ' ~ changes) %}
    {% endif %}
    {% call statement('main') %}select 1{% endcall %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% macro changed_snapshot_sql(relation, changes) %}
    {% set kept, added = [], [] %}
    {% for column in adapter.get_columns_in_relation(relation) %}
        {% do kept.append('coalesce(ended.dbt_valid_to, stored.dbt_valid_to) as dbt_valid_to' if column.name == 'dbt_valid_to'
            else 'stored.' ~ column.quoted) %}
        {% do added.append(column.quoted) %}
    {% endfor %}
    select {{ kept | join(', ') }}
    from {{ relation }} as stored
    left join {{ changes }} as ended
        on stored.dbt_scd_id = ended.dbt_scd_id and stored.dbt_valid_to is null and ended.dbt_change_type in ('update', 'delete')
    union all
    select {{ added | join(', ') }} from {{ changes }} where dbt_change_type = 'insert'
{% endmacro %}


{# A table in the place of one of its name, which may be read for it. Whoever kills it leaves the old one, or the new one under
   the name of `__built`, which finish_replacements() of the next build renames. #}
{% macro replace_table(relation, rows, day_column=none) %}
    {% set building, built = beside(relation, '__building'), beside(relation, '__built') %}
    {% do fill_table(building, rows, day_column) %}
    {% do run_query('alter table ' ~ building ~ ' rename to ' ~ built) %}
    {% set existing = load_relation(relation) %}
    {% if existing %}{% do run_query('drop ' ~ existing.type ~ ' ' ~ relation) %}{% endif %}
    {% do run_query('alter table ' ~ built ~ ' rename to ' ~ relation) %}
{% endmacro %}

{% macro fill_table(relation, rows, day_column=none) %}
    {% do run_query('drop table if exists ' ~ relation) %}
    {% set names = declare_table(relation, rows, day_column) %}
    {% do run_query('insert into ' ~ relation ~ ' select ' ~ ('/*+ rebalance(' ~ day_column ~ ') */ ' if day_column else '') ~ names
        ~ ' from (' ~ rows ~ ')') %}
{% endmacro %}

{# Returns the names of its columns in the order of the table. #}
{% macro declare_table(relation, rows, day_column=none) %}
    {% set typed, names = [], [] %}
    {% set columns = run_query('describe query ' ~ rows).rows %}
    {% for column in columns | rejectattr(0, 'equalto', day_column) | list + columns | selectattr(0, 'equalto', day_column) | list %}
        {% do names.append(adapter.quote(column[0])) %}
        {% do typed.append(adapter.quote(column[0]) ~ ' ' ~ column[1]) %}
    {% endfor %}
    {% do run_query('create table ' ~ relation ~ ' (' ~ typed | join(', ') ~ ') using parquet'
        ~ (' partitioned by (' ~ day_column ~ ')' if day_column else '')) %}
    {{ return(names | join(', ')) }}
{% endmacro %}

{% macro contracted(sql) %}
    {% if not config.get('contract').enforced %}{{ return(sql) }}{% endif %}
    {# raises where columns or types are others #}
    {% set checked = get_assert_columns_equivalent(sql) %}
    {{ return(get_select_subquery(sql)) }}
{% endmacro %}

{% macro beside(relation, suffix) %}
    {{ return(api.Relation.create(schema=relation.schema, identifier=relation.identifier ~ suffix, type='table')) }}
{% endmacro %}


{# On-run-start: what a killed build left between two renames. #}
{% macro finish_replacements() %}{{ return(adapter.dispatch('finish_replacements')()) }}{% endmacro %}
{% macro default__finish_replacements() %}{% endmacro %}

{% macro spark__finish_replacements() %}
    {% if execute and flags.WHICH in ('build', 'run', 'snapshot') %}
        {% set schemas = run_query('show schemas').columns[0].values() %}
        {% for schema in ('staging', 'intermediate', 'snapshots', marts_schema()) if schema in schemas %}
            {% for name in run_query("show tables in " ~ schema ~ " like '*__built'").columns[1].values() %}
                {% set built = adapter.get_relation(none, schema, name) %}
                {% set place = api.Relation.create(schema=schema, identifier=name[:-7], type='table') %}
                {% if load_relation(place) %}{% do adapter.drop_relation(built) %}
                {% else %}{% do adapter.rename_relation(built, place) %}
                {% endif %}
            {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{# A metastore has room for so many characters of a view's text: Derby's, which Spark uses without a server, for 32,700. A longer
   one is stored. #}
{% materialization view, adapter='spark' %}
    {% if sql | length < 32000 %}{{ return(create_or_replace_view()) }}{% endif %}
    {% set relation = this.incorporate(type='table') %}
    {% set existing = load_relation(this) %}
    {{ run_hooks(pre_hooks) }}
    {% if existing %}{% do adapter.drop_relation(existing) %}{% endif %}
    {% call statement('main') %}select 1{% endcall %}
    {% do fill_table(relation, sql) %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
