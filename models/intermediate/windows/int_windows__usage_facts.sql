-- what users do: from which day until which day each fact counts in its window
with

account_days as (

    select
        account_id,
        event_day,
        sum(events) as events,
        sum(case when user_id is not null then has_login else 0 end) as login_days
    from {{ ref('int_activity__user_days') }}
    group by account_id, event_day

),

-- a login before the present tenure began says nothing about it
tenured_logins as (

    select
        account_days.account_id,
        account_days.event_day,
        least(account_days.event_day + 90, stints.ends_day) as leaves_90d,
        account_days.login_days
    from account_days
    inner join {{ ref('int_activity__account_stints') }} as stints
        on
            account_days.account_id = stints.account_id
            and account_days.event_day >= stints.starts_day
            and account_days.event_day < stints.ends_day

),

-- a user is known, and known as an admin, from the day of creation on
admin_logins as (

    select
        user_days.account_id,
        user_days.event_day,
        greatest(user_days.event_day, {{ day_number('users.created_at') }}) as known_from_day,
        sum(user_days.logins) as logins
    from {{ ref('int_activity__user_days') }} as user_days
    inner join {{ ref('stg_crm__users') }} as users
        on user_days.user_id = users.user_id
    where
        users.role = 'admin'
        and user_days.login_rows > 0
    group by
        user_days.account_id,
        user_days.event_day,
        greatest(user_days.event_day, {{ day_number('users.created_at') }})

),

-- distinct in a window: one enters on a day whose previous one lies outside it, and leaves a window's
-- length after a day whose next one does too
active_users as (

    select
        account_id,
        event_day,
        event_day - lag(event_day) over (partition by account_id, user_id order by event_day) as days_since_previous,
        lead(event_day) over (partition by account_id, user_id order by event_day) - event_day as days_to_next
    from {{ ref('int_activity__user_days') }}
    where
        is_active = 1
        and user_id is not null

),

-- a feature counts from its release on, whatever was tried before
used_features as (

    select
        account_id,
        feature_id,
        greatest(event_day, released_day) as counts_from_day,
        least(
            event_day + 90,
            lead(event_day, 1, {{ never() }}) over (partition by account_id, feature_id order by event_day)
        ) as counts_until_day
    from {{ ref('int_activity__feature_days') }}

),

final as (

    select
        account_id,
        'events_30d' as measure,
        event_day as counts_from_day,
        event_day + 30 as counts_until_day,
        events as amount
    from account_days
    union all
    select account_id, 'events_90d', event_day, event_day + 90, events from account_days
    union all
    select account_id, 'login_days_90d', event_day, leaves_90d, login_days from tenured_logins
    union all
    select account_id, 'admin_logins_30d', known_from_day, event_day + 30, logins from admin_logins
    union all
    select account_id, 'admin_logins_60d', known_from_day, event_day + 60, logins from admin_logins
    union all
    select account_id, 'active_users_30d', event_day, {{ never() }}, 1 from active_users
    where days_since_previous is null or days_since_previous > 30
    union all
    select account_id, 'active_users_30d', event_day + 30, {{ never() }}, -1 from active_users
    where days_to_next is null or days_to_next > 30
    union all
    select account_id, 'core_features_90d', counts_from_day, counts_until_day, 1 from used_features
    union all
    select
        account_id,
        'enabled_users',
        {{ day_number('created_at') }},
        coalesce({{ day_number('deactivated_at') }}, {{ never() }}),
        1
    from {{ ref('stg_crm__users') }}

)

select * from final
