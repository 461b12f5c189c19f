{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_event_days',
        on_schema_change = 'append_new_columns'
    )
}}

-- Every daily fact of an account's users in one pass over the events. What staging rejected is taken away again instead
-- of being looked up for each event, which would read every event's id once more. Of the days in
-- {{ ref('stg_product__usage_event_days') }}
with

delivered as (

    select
        account_id,
        user_id,
        event_day,
        count(*) as event_rows,
        sum({{ exact('event_count') }}) as events,
        sum(case when event_name = 'login' then {{ exact('event_count') }} end) as logins,
        count(case when event_name = 'login' then 1 end) as login_rows,
        count(case when event_count_is_unreadable then 1 end) as unreadable_event_counts,
        count(case when event_count_is_out_of_range then 1 end) as out_of_range_event_counts,
        count(case when loaded_at_is_unreadable then 1 end) as unreadable_loaded_ats,
        max(loaded_at) as newest_loaded_at
    from {{ ref('stg_product__usage_events_tonight') }}
    where
        account_id is not null
        and event_day is not null
    group by account_id, user_id, event_day

),

rejected as (

    select
        account_id,
        coalesce(user_id, '') as user_key,
        event_day,
        count(*) as event_rows,
        sum({{ exact('event_count') }}) as events,
        sum(case when event_name = 'login' then {{ exact('event_count') }} end) as logins,
        count(case when event_name = 'login' then 1 end) as login_rows,
        count(case when event_count_is_unreadable then 1 end) as unreadable_event_counts,
        count(case when event_count_is_out_of_range then 1 end) as out_of_range_event_counts,
        count(case when loaded_at_is_unreadable then 1 end) as unreadable_loaded_ats
    from {{ ref('stg_product__usage_events_rejected') }}
    where account_id is not null
    group by account_id, coalesce(user_id, ''), event_day

),

accepted as (

    select
        delivered.account_id,
        delivered.user_id,
        delivered.event_day,
        delivered.event_rows - coalesce(rejected.event_rows, 0) as event_rows,
        delivered.events - coalesce(rejected.events, 0) as events,
        coalesce(delivered.logins, 0) - coalesce(rejected.logins, 0) as logins,
        delivered.login_rows - coalesce(rejected.login_rows, 0) as login_rows,
        delivered.unreadable_event_counts - coalesce(rejected.unreadable_event_counts, 0) as unreadable_event_counts,
        delivered.out_of_range_event_counts
        - coalesce(rejected.out_of_range_event_counts, 0) as out_of_range_event_counts,
        delivered.unreadable_loaded_ats - coalesce(rejected.unreadable_loaded_ats, 0) as unreadable_loaded_ats,
        delivered.newest_loaded_at
    from delivered
    left join rejected
        on
            delivered.account_id = rejected.account_id
            and delivered.event_day = rejected.event_day
            and coalesce(delivered.user_id, '') = rejected.user_key

)

select
    *,
    -- an event_count is never below 0
    events > 0 as is_active,
    logins > 0 as has_login
from accepted
where event_rows > 0
