{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_measured_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

select
    wide.account_id,
    wide.as_of_date,
    {{ signal_columns() }}
from {{ ref('int_signals__wide') }} as wide
inner join {{ ref('int_windows__as_of_dates') }} as dates
    on wide.as_of_date = dates.as_of_date
