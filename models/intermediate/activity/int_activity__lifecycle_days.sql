-- an account's start, churns and returns, one a day; what lies before the start is ignored
with

accounts as (

    select
        account_id,
        coalesce({{ day_number('customer_since') }}, {{ day_number('created_at') }}) as start_day
    from {{ ref('stg_crm__accounts') }}

),

churn_rows as (

    select
        account_id,
        {{ day_number('churned_on') }} as churned_day,
        {{ day_number('reactivated_on') }} as reactivated_day
    from {{ ref('stg_crm__churn_events') }}
    -- left and came back on one day: nothing happened
    where reactivated_on is null or reactivated_on <> churned_on

),

events as (

    select account_id, start_day as event_day, 0 as is_churn from accounts
    union all
    select account_id, churned_day as event_day, 1 as is_churn from churn_rows
    union all
    select account_id, reactivated_day as event_day, 0 as is_churn from churn_rows
    where reactivated_day is not null

),

-- on one day a churn outranks a reactivation
event_days as (

    select
        events.account_id,
        events.event_day,
        max(events.is_churn) as is_churn
    from events
    inner join accounts
        on events.account_id = accounts.account_id
    where events.event_day >= accounts.start_day
    group by events.account_id, events.event_day

),

final as (

    select
        account_id,
        event_day,
        is_churn = 1 as is_churn,
        lead(event_day, 1, {{ never() }}) over (partition by account_id order by event_day) as next_event_day,
        coalesce(
            min(case when is_churn = 0 then event_day end) over (
                partition by account_id
                order by event_day
                rows between 1 following and unbounded following
            ),
            {{ never() }}
        ) as next_start_day
    from event_days

)

select * from final
