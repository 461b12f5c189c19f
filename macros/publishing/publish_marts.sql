{# On-run-end: after a whole build without a failure, what readers open becomes what was built: a file on DuckDB, where a
   reader and a build cannot open one; the schema marts on Postgres and Spark. #}
{% macro publish_marts(results) %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% do forget_publication_if_dates_are_unknown(results) %}
    {% if flags.WHICH != 'build' %}{{ return('') }}{% endif %}
    {% set reason = reason_not_to_publish(results) %}
    {% if reason %}
        {% do log('Not published: ' ~ reason, info=true) %}
        {{ return('') }}
    {% endif %}
    {{ return(adapter.dispatch('publish_build')(marts_to_publish(results))) }}
{% endmacro %}


{# Elsewhere a build writes the marts where readers look. #}
{% macro default__publish_build(marts) %}{{ return('') }}{% endmacro %}


{% macro duckdb__publish_build(marts) %}
    {% set report = {} %}
    {% set request = {'marts': marts, 'is_full_refresh': flags.FULL_REFRESH, 'report': report} %}
    {% do adapter.store_relation('health_publishing', none, [], '', 'duckdb', request) %}
    {% if report.problem %}
        {% do record_publishing_problem(report.problem) %}
        {# an error of the hook's own SQL is what dbt reports like any other failure #}
        {{ return("select error('" ~ report.problem | replace("'", "''") ~ "')") }}
    {% endif %}
    {% do log(report.message, info=true) %}
    {{ return('') }}
{% endmacro %}


{# Half a build is not published: readers would see marts of two builds side by side. #}
{% macro reason_not_to_publish(results) %}
    {% set done = results | selectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list %}
    {% if done | length < results | length %}
        {{ return('something failed, so readers keep what was published last.') }}
    {% elif flags.EMPTY or flags.SAMPLE %}
        {{ return('this build left rows out (--empty or --sample).') }}
    {% endif %}
    {% set built = done | map(attribute='node.unique_id') | list %}
    {% set left_out = mart_nodes() | rejectattr('unique_id', 'in', built) | map(attribute='name') | sort %}
    {% if left_out %}
        {{ return('this build left out ' ~ left_out | join(', ') ~ '; `dbt build` without a selection publishes.') }}
    {% endif %}
    {{ return('') }}
{% endmacro %}


{# A selection may write marts without the models that note their dates: the next publication then copies every date. #}
{% macro forget_publication_if_dates_are_unknown(results) %}
    {% set written, noted = [], [] %}
    {% for result in results if result.status == 'success' and result.node.resource_type == 'model' %}
        {% if is_kept_by_date(result.node) %}{% do written.append(result.node.name) %}{% endif %}
        {% if result.node.name in ('int_windows__as_of_dates', 'int_scores__as_of_dates') %}
            {% do noted.append(result.node.name) %}
        {% endif %}
    {% endfor %}
    {% if written and (noted | length < 2 or flags.EMPTY or flags.SAMPLE) %}
        {% do forget_publication() %}
    {% endif %}
{% endmacro %}


{% macro forget_publication() %}{{ return(adapter.dispatch('forget_publication')()) }}{% endmacro %}
{% macro default__forget_publication() %}{% endmacro %}
{% macro duckdb__forget_publication() %}{% do run_query('drop table if exists publishing.last_file') %}{% endmacro %}


{% macro mart_nodes() %}
    {{ return(graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
        | selectattr('schema', 'equalto', marts_schema()) | list) }}
{% endmacro %}


{# In the order in which they were built: a view comes after what it reads. #}
{% macro marts_to_publish(results) %}
    {% set marts = [] %}
    {% for result in results if result.node.resource_type == 'model' and result.node.schema == marts_schema() %}
        {% set node = graph.nodes[result.node.unique_id] %}
        {% set columns = {} %}
        {% for column in node.columns.values() %}
            {% do columns.update({column.name: column.description | trim}) %}
        {% endfor %}
        {% do marts.append({
            'name': node.alias,
            'description': node.description | trim,
            'columns': columns,
            'is_view': node.config.materialized == 'view',
            'is_kept_by_date': is_kept_by_date(node)
        }) %}
    {% endfor %}
    {{ return(marts) }}
{% endmacro %}


{# Of such a mart, a run changes only dates that remember_dates_to_publish() notes. #}
{% macro is_kept_by_date(node) %}
    {{ return(node.schema == marts_schema() and node.config.materialized == 'incremental' and node.config.incremental_strategy
        in ('replace_scored_dates', 'replace_measured_dates', 'replace_measured_accounts')) }}
{% endmacro %}
