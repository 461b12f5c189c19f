{# Incremental strategies of this project: rows of whole days are replaced, so that running twice changes nothing. Both
   statements run in one transaction, which a killed run never leaves half-done. #}
{% macro get_incremental_replace_event_days_sql(arg_dict) %}
    {{ return(replace_rows_sql(arg_dict, event_days_replaced())) }}
{% endmacro %}

{# dates whose signals were measured in this run; an account that is missing from tonight's accounts keeps its older rows #}
{% macro get_incremental_replace_measured_accounts_sql(arg_dict) %}
    {{ return(replace_rows_sql(arg_dict, dates_replaced(ref('int_windows__as_of_dates')) ~ ' and ' ~ accounts_replaced())) }}
{% endmacro %}

{# dates whose signals were measured in this run #}
{% macro get_incremental_replace_measured_dates_sql(arg_dict) %}
    {{ return(replace_rows_sql(arg_dict, dates_replaced(ref('int_windows__as_of_dates')))) }}
{% endmacro %}

{# dates that were scored in this run: more than those where history is scored anew from stored signals #}
{% macro get_incremental_replace_scored_dates_sql(arg_dict) %}
    {{ return(replace_rows_sql(arg_dict, dates_replaced(ref('int_scores__as_of_dates')))) }}
{% endmacro %}

{# The column by which an incremental strategy of this project replaces rows; none for tables that are not kept by day. #}
{% macro replaced_day() %}
    {% set strategy = config.get('incremental_strategy') or '' %}
    {{ return({
        'replace_event_days': 'event_day',
        'replace_measured_accounts': 'as_of_date',
        'replace_measured_dates': 'as_of_date',
        'replace_scored_dates': 'as_of_date'
    }.get(strategy) if config.get('materialized') == 'incremental' else none) }}
{% endmacro %}

{% macro event_days_replaced() %}
    (
        event_day is null
        or (event_day >= {{ first_day_to_read() }} and event_day < {{ first_day_not_to_read() }})
        or event_day in (
            select days.from_day from {{ ref('stg_product__usage_event_days') }} as days where days.is_single_day
        )
    )
{% endmacro %}

{% macro accounts_replaced() %}
    (
        as_of_date = (
            select max(dates.as_of_date)
            from (
                select as_of_date from {{ ref('int_windows__as_of_dates') }}
                union all
                select as_of_date from {{ ref('run__stored_dates') }}
            ) as dates
        )
        or account_id in (select accounts.account_id from {{ ref('stg_crm__accounts') }} as accounts)
    )
{% endmacro %}

{% macro dates_replaced(dates) %}as_of_date in (select dates.as_of_date from {{ dates }} as dates){% endmacro %}

{% macro replace_rows_sql(arg_dict, replaced) %}
    {% set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') %}
    {{ few_rows() }}
    delete from {{ arg_dict['target_relation'] }} where {{ replaced }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}
