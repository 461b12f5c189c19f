{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

-- of the dates in {{ ref('int_scores__as_of_dates') }}
select
    signal_id,
    as_of_date,
    company_reason,
    is_absent,
    cast(accounts_in_scope as bigint) as accounts_in_scope,
    cast(accounts_with_value as bigint) as accounts_with_value
from {{ ref('int_scores__signal_days') }}
