{# The last on-run-end hook: what came of this build, for the person who reads the log in the morning. #}
{% macro print_summary(results) %}
    {% if execute and is_recorded(results) %}
        {% set lines = lines_of_failure(results) if failed_results(results) else lines_of_success(results) %}
        {% do log('', info=true) %}
        {% for line in lines %}{% do log(line, info=true) %}{% endfor %}
    {% endif %}
    {{ return('') }}
{% endmacro %}


{% macro lines_of_failure(results) %}
    {% set failed = failed_results(results) %}
    {{ return([
        failed | length ~ ' of ' ~ results | length ~ ' steps failed, first ' ~ failed[0].node.name ~ ': '
            ~ plain_message(failed[0]),
        line_of_unpublished()
    ]) }}
{% endmacro %}


{% macro lines_of_success(results) %}
    {% set built = built_relations(results) %}
    {% set lines = [line_of_dates(built)] %}
    {% do lines.append(line_of_bands(built)) %}
    {% do lines.extend(lines_of_alerts(built)) %}
    {% do lines.extend(lines_of_stale_sources(built)) %}
    {% do lines.extend(lines_of_quiet_sources(built)) %}
    {% do lines.extend(lines_of_missing_accounts(built)) %}
    {% do lines.extend(lines_of_raw_rows(built)) %}
    {% do lines.append('Readers find it in ' ~ published_place() ~ '.' if not reason_not_to_publish(results)
        else line_of_unpublished()) %}
    {{ return(lines) }}
{% endmacro %}


{% macro line_of_unpublished() %}
    {% set published = run_query('select ' ~ date_text('max(last_date_scored)') ~ ' from ' ~ run_record('nightly_runs')
        ~ ' where is_published').columns[0][0] %}
    {{ return('Nothing was published'
        ~ ('; ' ~ published_place() ~ ' still holds ' ~ published if published else ', now or before') ~ '.') }}
{% endmacro %}


{% macro line_of_dates(built) %}
    {% set dates = run_query('select count(*), ' ~ date_text('min(as_of_date)') ~ ', ' ~ date_text('max(as_of_date)')
        ~ ' from ' ~ built.int_scores__as_of_dates).rows[0] %}
    {{ return('Scored ' ~ (dates[1] if dates[0] == 1 else dates[0] ~ ' dates, ' ~ dates[1] ~ ' to ' ~ dates[2])
        ~ ', in ' ~ seconds_since_start() ~ ' s.') }}
{% endmacro %}


{# Best band first. #}
{% macro line_of_bands(built) %}
    {% set bands = run_query('select band_label, count(*), ' ~ date_text('max(as_of_date)') ~ ', max(score_model) from '
        ~ built.customer_health ~ ' group by band_label order by max(health_score) desc nulls last, band_label').rows
        if 'customer_health' in built else [] %}
    {% if not bands %}{{ return('No account is in scope.') }}{% endif %}
    {% set counts = [] %}
    {% for band in bands %}{% do counts.append(band[0] ~ ' ' ~ band[1]) %}{% endfor %}
    {{ return('Accounts on ' ~ bands[0][2] ~ ' (' ~ bands[0][3] ~ '): ' ~ counts | join(', ') ~ '.') }}
{% endmacro %}


{# Of the newest date of this run; the others were news on their own day. #}
{% macro lines_of_alerts(built) %}
    {% if 'customer_health_alerts' not in built %}{{ return([]) }}{% endif %}
    {% set alerts = [] %}
    {% for row in run_query('select alert_type, count(*) from ' ~ built.customer_health_alerts ~ ' where as_of_date = (select max('
        ~ 'as_of_date) from ' ~ built.int_scores__as_of_dates ~ ') group by alert_type order by alert_type').rows %}
        {% do alerts.append(row[0] ~ ' ' ~ row[1]) %}
    {% endfor %}
    {{ return(['Alerts: ' ~ alerts | join(', ') ~ '.'] if alerts else []) }}
{% endmacro %}


{# The newest date is what customer_health shows; a stream without a table of its own has no date here. #}
{% macro lines_of_stale_sources(built) %}
    {% if 'customer_health' not in built or 'source_status' not in built %}{{ return([]) }}{% endif %}
    {% set since = {} %}
    {% for row in run_query('select source_table, ' ~ date_text('stale_since') ~ ', ' ~ date_text('newest_event_on')
        ~ ' from ' ~ built.source_status ~ ' where is_stale').rows %}
        {% do since.update({row[0]: row[0] ~ ' since ' ~ row[1] ~ ' (newest row ' ~ row[2] ~ ')'}) %}
    {% endfor %}
    {% set named = run_query('select max(stale_sources) from ' ~ built.customer_health).columns[0][0] %}
    {% if not named %}{{ return([]) }}{% endif %}
    {% set stale = [] %}
    {% for stream in named.split(',') %}{% do stale.append(since.get(stream, stream)) %}{% endfor %}
    {{ return(['Stale: ' ~ stale | join(', ') ~ '. No account is scored by signals that read them.']) }}
{% endmacro %}


{# A feed that brings less than a tenth is looked at before it is stale. #}
{% macro lines_of_quiet_sources(built) %}
    {% if 'source_status' not in built %}{{ return([]) }}{% endif %}
    {% set quiet = [] %}
    {% for row in run_query('select source_table, rows_last_day, cast(round(usual_rows_per_day) as bigint), '
        ~ date_text('as_of_date') ~ ' from ' ~ built.source_status ~ ' where usual_rows_per_day >= 20'
        ~ ' and rows_last_day * 10 < usual_rows_per_day and not is_stale order by source_table').rows %}
        {% do quiet.append(row[0] ~ ' has ' ~ row[1] ~ ' rows of ' ~ row[3] ~ ' (usually ' ~ row[2] ~ ' a day)') %}
    {% endfor %}
    {{ return(['Few rows: ' ~ quiet | join(', ') ~ '.'] if quiet else []) }}
{% endmacro %}


{% macro lines_of_missing_accounts(built) %}
    {% if 'int_checks__missing_accounts' not in built %}{{ return([]) }}{% endif %}
    {{ return(run_query('select sentence from ' ~ built.int_checks__missing_accounts).columns[0].values() | list) }}
{% endmacro %}


{# Most tables are read whole in every run, so that what is new is the difference from the run before. #}
{% macro lines_of_raw_rows(built) %}
    {% if 'int_checks__row_counts' not in built %}{{ return([]) }}{% endif %}
    {% set gone, changes, rejected = [], [], [] %}
    {% for row in run_query(raw_rows_beside_those_before()).rows %}
        {% do rejected.append(row[2] | int) %}
        {% if row[1] == 0 and row[3] %}{% do gone.append(row[0] ~ ' (' ~ row[3] ~ ' in the run before)') %}{% endif %}
        {% if row[4] is not none and row[2] != row[4] %}
            {% do changes.append(row[0] ~ ' ' ~ '%+d' | format(row[2] - row[4])) %}
        {% endif %}
    {% endfor %}
    {% set since = ', since the run before ' ~ changes | join(', ') if changes else '' %}
    {{ return((['No rows any more: ' ~ gone | join(', ') ~ '.'] if gone else [])
        + ['Rejected rows: ' ~ rejected | sum ~ since ~ '. They stand in marts.rejected_rows.']) }}
{% endmacro %}


{% macro raw_rows_beside_those_before() %}
    {% set runs, rows = run_record('nightly_runs'), run_record('nightly_run_rows') %}
    select tonight.table_name, tonight.row_count, tonight.rows_rejected, earlier.row_count, earlier.rows_rejected
    from {{ rows }} as tonight
    left join {{ rows }} as earlier
        on
            earlier.layer = 'raw'
            and tonight.table_name = earlier.table_name
            and earlier.run_id = (
                select run_id from {{ runs }}
                where rejected_rows is not null and run_id <> '{{ invocation_id }}'
                order by started_at desc
                limit 1
            )
    where tonight.run_id = '{{ invocation_id }}' and tonight.layer = 'raw'
    order by tonight.table_name
{% endmacro %}


{% macro date_text(date) %}{{ return('cast(' ~ date ~ ' as ' ~ dbt.type_string() ~ ')') }}{% endmacro %}
