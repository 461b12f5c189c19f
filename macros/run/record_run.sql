{# On-run-end: adds this build to the marts nightly_runs and nightly_run_rows, before they are published. A build counts
   from the moment it was to score something: one that was killed, or that stopped before its first step, leaves no row.
   Here the wall clock may be read, because a record of a run is no score. #}
{% macro record_run(results) %}
    {% if not execute or not is_recorded(results) %}{{ return('') }}{% endif %}
    {{ return(adapter.dispatch('write_both')(run_row_sql(results), run_table_rows_sql(results))) }}
{% endmacro %}

{# Both or none; Spark has no transactions, and there the row of the run comes last. #}
{% macro default__write_both(run, rows) %}{{ return('begin; ' ~ run ~ '; ' ~ rows ~ '; commit') }}{% endmacro %}
{% macro spark__write_both(run, rows) %}
    {% do run_query(rows) %}
    {{ return(run) }}
{% endmacro %}


{# A build of the scores from their dates on, of all rows, in a warehouse that has the tables to write it down. #}
{% macro is_recorded(results) %}
    {% set steps = results | map(attribute='node.name') | list %}
    {{ return(flags.WHICH == 'build' and not flags.EMPTY and not flags.SAMPLE
        and 'int_scores__as_of_dates' in steps and 'customer_health_history' in steps
        and run_record('nightly_runs') is not none and run_record('nightly_run_rows') is not none) }}
{% endmacro %}


{% macro run_record(table) %}
    {{ return(adapter.get_relation(database=target.database, schema=marts_schema(), identifier=table)) }}
{% endmacro %}


{% macro run_row_sql(results) %}
    {% set failed = failed_results(results) %}
    {% set built = built_relations(results) %}
    {% set scored = 'customer_health_history' in built %}
    {% set versions = built.get('int_config__versions') %}
    insert into {{ run_record('nightly_runs') }} (
        run_id, started_at, seconds, status, failed_nodes, first_error, is_published, as_of_date, first_date_scored,
        last_date_scored, dates_scored, rejected_rows, config_version, config_versions, code_version, engine
    )
    select
        '{{ invocation_id }}',
        cast('{{ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') }}' as {{ dbt.type_timestamp() }}),
        {{ seconds_since_start() }},
        '{{ 'failed' if failed else 'success' }}',
        {{ text_or_null(failed | map(attribute='node.name') | join(', ')) }},
        {{ text_or_null(plain_message(failed[0]) if failed else '') }},
        {{ 'true' if not reason_not_to_publish(results) else 'false' }},
        {{ as_of_date() }},
        {{ '(select min(as_of_date) from ' ~ built.int_scores__as_of_dates ~ ')' if scored else 'null' }},
        {{ '(select max(as_of_date) from ' ~ built.int_scores__as_of_dates ~ ')' if scored else 'null' }},
        {{ '(select count(*) from ' ~ built.int_scores__as_of_dates ~ ')' if scored else '0' }},
        {% if 'int_checks__row_counts' in built %}(select sum(rows_rejected) from {{ built.int_checks__row_counts }})
        {% else %}null{% endif %},
        {{ '(select config_version from ' ~ versions ~ ' where score_model in (select score_model from '
            ~ built.int_config__score_models ~ ' where is_default))'
            if versions and 'int_config__score_models' in built else 'null' }},
        {{ '(select ' ~ ordered_listagg("score_model || ' ' || config_version", "', '", 'score_model')
            ~ ' from ' ~ versions ~ ')' if versions else 'null' }},
        '{{ code_version() }}',
        '{{ target.type }} ' || {{ engine_version() }}
{% endmacro %}


{# Rows of what this run has read and written; counting a view would compute it. #}
{% macro run_table_rows_sql(results) %}
    {% set built = built_relations(results) %}
    insert into {{ run_record('nightly_run_rows') }} (
        run_id, layer, table_name, row_count, rows_rejected, rows_superseded
    )
    with counted (layer, table_name, row_count, rows_rejected, rows_superseded) as (
        {% if 'int_checks__row_counts' in built %}
        select
            'raw',
            tables.table_name,
            coalesce(counts.rows_judged, 0),
            coalesce(counts.rows_rejected, 0),
            coalesce(counts.rows_superseded, 0)
        from (
            {%- for table in raw_table_names() %}
            select '{{ table }}' as table_name {{ 'union all' if not loop.last }}
            {%- endfor %}
        ) as tables
        left join {{ built.int_checks__row_counts }} as counts on tables.table_name = counts.source_table
        union all
        {% endif %}
        {% for mart in mart_nodes() | sort(attribute='name')
            if mart.name in built and mart.config.materialized != 'view' and not mart.name.startswith('nightly_run') %}
        select 'mart', '{{ mart.name }}', (select count(*) from {{ built[mart.name] }}), null, null
        union all
        {% endfor %}
        select null, null, null, null, null where false
    )
    -- typed, because Postgres takes columns of bare nulls for text: a build that failed early has counted nothing
    select
        '{{ invocation_id }}',
        layer,
        table_name,
        cast(row_count as bigint),
        cast(rows_rejected as bigint),
        cast(rows_superseded as bigint)
    from counted
{% endmacro %}


{# Models that this run built, by name. #}
{% macro built_relations(results) %}
    {% set built = {} %}
    {% for result in results if result.node.resource_type == 'model' and result.status in ('success', 'no-op') %}
        {% do built.update({result.node.name: result.node.relation_name}) %}
    {% endfor %}
    {{ return(built) }}
{% endmacro %}


{% macro failed_results(results) %}
    {{ return(results | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op', 'skipped']) | list) }}
{% endmacro %}


{# What a failed step says, without dbt's frame around it, on one line. #}
{% macro plain_message(result) %}
    {% set lines = [] %}
    {% set frame = '(Compilation|Runtime|Database|Parsing) Error|> (in|called by) |compiled code at' %}
    {% for line in (result.message or result.status | string).split('\n') | map('trim') if line %}
        {% if not modules.re.match(frame, line) %}{% do lines.append(line) %}{% endif %}
    {% endfor %}
    {{ return((lines or [result.status | string]) | join(' ') | truncate(2000)) }}
{% endmacro %}


{% macro text_or_null(text) %}
    {{ return(dbt.string_literal(dbt.escape_single_quotes(text)) if text else 'null') }}
{% endmacro %}


{% macro seconds_since_start() %}
    {{ return(((modules.datetime.datetime.now(modules.pytz.utc) - run_started_at).total_seconds()) | round(1)) }}
{% endmacro %}


{# The project's version and a fingerprint of its models, snapshots and macros: another one means other code. #}
{% macro code_version() %}
    {% set texts = [] %}
    {% for node in graph.nodes.values() | sort(attribute='unique_id') if node.resource_type in ('model', 'snapshot') %}
        {% do texts.append(node.unique_id ~ node.checksum.checksum) %}
    {% endfor %}
    {% for name, macro in context[project_name] | dictsort %}
        {% do texts.append(macro.macro.macro_sql) %}
    {% endfor %}
    {{ return(var('project_version') ~ '+' ~ local_md5(texts | join('\n'))[:12]) }}
{% endmacro %}


{# For publishing, which comes after the record: the build succeeded, and readers have nothing of it. #}
{% macro record_publishing_problem(problem) %}
    {% set runs = run_record('nightly_runs') %}
    {% if runs is not none %}
        {% do run_query('update ' ~ runs ~ " set status = 'failed', failed_nodes = 'publish_marts'"
            ~ ', is_published = false, first_error = ' ~ text_or_null(problem)
            ~ " where run_id = '" ~ invocation_id ~ "'") %}
    {% endif %}
{% endmacro %}
