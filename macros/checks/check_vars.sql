{# On-run-start: one sentence for a var that cannot mean what it says, before anything is built. #}
{% macro check_vars() %}
    {% set wrong = [] %}
    {% for name in ('as_of_date', 'history_start_date', 'score_from', 'rescore_from') if var(name, none) %}
        {% if not is_date_text(var(name) | string) %}
            {% do wrong.append(name ~ ' is "' ~ var(name) ~ '"; write a date such as 2025-06-30') %}
        {% endif %}
    {% endfor %}
    {% for name in (
        'restate_days', 'correction_days', 'overdue_grace_days', 'payment_terms_days', 'renewal_grace_days',
        'backtest_gap_days', 'churn_horizon_days', 'gaming_review_days'
    ) %}
        {% if var(name) is not integer or var(name) is boolean or var(name) < 0 %}
            {% do wrong.append(name ~ ' is "' ~ var(name) ~ '"; write a whole number of days, 0 or more') %}
        {% endif %}
    {% endfor %}
    {% for name in (
        'reject_warn_share', 'reject_error_share', 'missing_accounts_error_share', 'gaming_best_band_share'
    ) %}
        {% if var(name) is not number or var(name) is boolean or var(name) < 0 or var(name) > 1 %}
            {% do wrong.append(name ~ ' is "' ~ var(name) ~ '"; write a share between 0 and 1, for example 0.05') %}
        {% endif %}
    {% endfor %}
    {% if var('contract_end_is_inclusive') is not boolean %}
        {% do wrong.append('contract_end_is_inclusive is "' ~ var('contract_end_is_inclusive') ~ '"; write true or false, without quotes') %}
    {% endif %}
    {% do wrong.extend(wrong_backtest_vars()) %}
    {% do wrong.extend(wrong_counts(('gaming_min_cases', 'gaming_times_expected', 'gaming_min_contacts'))) %}
    {% if not is_time_zone(var('source_timezone')) %}
        {% do wrong.append('source_timezone is "' ~ var('source_timezone') ~ '"; write a name such as Europe/Berlin or UTC') %}
    {% endif %}
    {% do wrong.extend(wrong_absent_sources()) %}
    {% do wrong.extend(wrong_date_formats()) %}
    {% if wrong %}{% do exceptions.raise_compiler_error('The var ' ~ wrong | join('.\nThe var ') ~ '.') %}{% endif %}
{% endmacro %}


{% macro wrong_backtest_vars() %}
    {% set wrong = [] %}
    {% if var('backtest_enabled') is not boolean %}
        {% do wrong.append('backtest_enabled is "' ~ var('backtest_enabled') ~ '"; write true or false, without quotes') %}
    {% endif %}
    {% if var('backtest_grain') not in ('week', 'month', 'quarter') %}
        {% do wrong.append('backtest_grain is "' ~ var('backtest_grain') ~ '"; write week, month or quarter') %}
    {% endif %}
    {% do wrong.extend(wrong_counts(('backtest_min_churns', 'backtest_calls_per_csm', 'max_weight_change'))) %}
    {% if var('backtest_gap_days') is integer and var('churn_horizon_days') is integer
        and var('backtest_gap_days') >= var('churn_horizon_days') %}
        {% do wrong.append('backtest_gap_days is "' ~ var('backtest_gap_days')
            ~ '"; write fewer days than churn_horizon_days has, ' ~ var('churn_horizon_days')) %}
    {% endif %}
    {{ return(wrong) }}
{% endmacro %}


{% macro wrong_counts(names) %}
    {% set wrong = [] %}
    {% for name in names if var(name) is not number or var(name) is boolean or var(name) < 1 %}
        {% do wrong.append(name ~ ' is "' ~ var(name) ~ '"; write a number, 1 or more') %}
    {% endfor %}
    {{ return(wrong) }}
{% endmacro %}


{% macro wrong_absent_sources() %}
    {% set named = var('absent_sources') %}
    {% set known = graph.sources.values() | selectattr('source_name', 'equalto', 'raw') | map(attribute='name') | list %}
    {% if named is string or named is mapping or named is not iterable %}
        {{ return(['absent_sources is "' ~ named ~ '"; write a list of raw tables such as [tickets, invoices]']) }}
    {% endif %}
    {% set wrong = [] %}
    {% for table in named if table not in known or table == 'accounts' %}
        {% do wrong.append('absent_sources names "' ~ table ~ '", '
            ~ ('which every company has' if table == 'accounts' else 'which is no raw table; they are ' ~ known | sort | join(', '))) %}
    {% endfor %}
    {{ return(wrong) }}
{% endmacro %}


{% macro wrong_date_formats() %}
    {% set formats = var('date_formats') %}
    {% if formats is not mapping %}
        {{ return(['date_formats is "' ~ formats ~ '"; write formats by column, such as {invoices.due_on: "%d/%m/%Y"}']) }}
    {% endif %}
    {% set dated = [] %}
    {% for source_node in graph.sources.values() if source_node.source_name == 'raw' %}
        {% for column in source_node.columns.values() if column.config.meta.kind in ('date', 'timestamp') %}
            {% do dated.append(source_node.name ~ '.' ~ column.name) %}
        {% endfor %}
    {% endfor %}
    {% set wrong = [] %}
    {% for column, format in formats.items() %}
        {% if column not in dated %}
            {% do wrong.append('date_formats names "' ~ column ~ '", which is no date or timestamp column of a raw table') %}
        {% elif "'" in format or '%' not in format %}
            {% do wrong.append('date_formats gives "' ~ format ~ '" for ' ~ column ~ '; write a format such as %d/%m/%Y') %}
        {% endif %}
    {% endfor %}
    {{ return(wrong) }}
{% endmacro %}


{% macro is_date_text(text) %}
    {#- typed, because Postgres reads a bare literal before it asks whether it can -#}
    {% set typed = "cast('" ~ text ~ "' as " ~ dbt.type_string() ~ ')' %}
    {{ return(modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', text) is not none
        and run_query('select ' ~ try_cast_to(typed, 'date') ~ ' is not null').columns[0][0]) }}
{% endmacro %}
