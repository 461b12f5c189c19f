{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_event_days',
        on_schema_change = 'append_new_columns'
    )
}}

-- delivered events less the rejected ones, as in int_activity__user_days
with

events as (

    select account_id, feature_id, event_day, event_count, 1 as event_rows
    from {{ ref('stg_product__usage_events_tonight') }}
    where
        account_id is not null
        and feature_id is not null
        and event_day is not null
    union all
    select rejected.account_id, rejected.feature_id, rejected.event_day, rejected.event_count, -1
    from {{ ref('stg_product__usage_events_rejected') }} as rejected
    inner join {{ ref('stg_product__usage_event_days') }} as days
        on
            rejected.event_day >= days.from_day
            and rejected.event_day < days.until_day
    where
        rejected.account_id is not null
        and rejected.feature_id is not null

)

select
    account_id,
    feature_id,
    event_day,
    coalesce(sum(case when event_count > 0 then event_rows end), 0) > 0 as is_used
from events
group by account_id, feature_id, event_day
having sum(event_rows) > 0
