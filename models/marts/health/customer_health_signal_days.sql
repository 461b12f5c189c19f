{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

select
    signal_days.signal_id,
    signal_days.as_of_date,
    signal_days.company_reason,
    signal_days.is_absent,
    cast(signal_days.accounts_in_scope as bigint) as accounts_in_scope,
    cast(signal_days.accounts_with_value as bigint) as accounts_with_value
from {{ ref('int_scores__signal_days') }} as signal_days
inner join {{ ref('int_scores__as_of_dates') }} as kept
    on signal_days.as_of_date = kept.as_of_date
