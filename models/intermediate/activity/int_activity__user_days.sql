{{ config(materialized = 'incremental', incremental_strategy = 'replace_event_days') }}

-- Every daily fact of an account's users in one pass over the events. What staging rejected is taken away again instead of
-- being looked up for each event, which would read every event's id once more.
with

delivered as (

    select
        account_id,
        user_id,
        event_day,
        1 as event_rows,
        event_count,
        event_name,
        loaded_at,
        event_count_is_unreadable,
        event_count_is_out_of_range,
        loaded_at_is_unreadable
    from {{ ref('stg_product__usage_events_tonight') }}
    where
        account_id is not null
        and event_day is not null
    union all
    select
        rejected.account_id,
        rejected.user_id,
        rejected.event_day,
        -1 as event_rows,
        rejected.event_count,
        rejected.event_name,
        null as loaded_at,
        rejected.event_count_is_unreadable,
        rejected.event_count_is_out_of_range,
        rejected.loaded_at_is_unreadable
    from {{ ref('stg_product__usage_events_rejected') }} as rejected
    inner join {{ ref('stg_product__usage_event_days') }} as days
        on
            rejected.event_day >= days.from_day
            and rejected.event_day < days.until_day
    where rejected.account_id is not null

),

totals as (

    select
        account_id,
        user_id,
        event_day,
        sum(event_rows) as event_rows,
        sum(event_rows * {{ exact('event_count') }}) as events,
        sum(case when event_name = 'login' then event_rows * {{ exact('event_count') }} end) as logins,
        sum(case when event_name = 'login' then event_rows end) as login_rows,
        sum(case when event_count_is_unreadable then event_rows end) as unreadable_event_counts,
        sum(case when event_count_is_out_of_range then event_rows end) as out_of_range_event_counts,
        sum(case when loaded_at_is_unreadable then event_rows end) as unreadable_loaded_ats,
        max(loaded_at) as newest_loaded_at
    from delivered
    group by account_id, user_id, event_day
    having sum(event_rows) > 0

)

select
    account_id,
    user_id,
    event_day,
    event_rows,
    events,
    coalesce(logins, 0) as logins,
    coalesce(login_rows, 0) as login_rows,
    -- an event_count is never below 0
    events > 0 as is_active,
    coalesce(logins > 0, false) as has_login,
    coalesce(unreadable_event_counts, 0) as unreadable_event_counts,
    coalesce(out_of_range_event_counts, 0) as out_of_range_event_counts,
    coalesce(unreadable_loaded_ats, 0) as unreadable_loaded_ats,
    newest_loaded_at
from totals
