-- what users do: from which day until which day each fact counts in its window
with

-- no window of usage is longer than 90 days
first_needed as (

    select min(as_of_day) - 89 as first_day
    from {{ ref('int_windows__as_of_dates') }}

),

user_days as (

    select
        user_days.account_id,
        user_days.user_id,
        user_days.event_day,
        user_days.events,
        user_days.logins,
        user_days.login_rows,
        user_days.is_active,
        user_days.has_login
    from {{ ref('int_activity__user_days') }} as user_days
    where user_days.event_day >= (select first_needed.first_day from first_needed)

),

account_days as (

    select
        account_id,
        event_day,
        sum(events) as events,
        sum(case when user_id is not null and has_login then 1 else 0 end) as login_days
    from user_days
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

-- a user is known from the day of creation on, and an admin as long as the snapshots say so
admins as (

    select
        users.user_id,
        greatest({{ day_number('users.created_at') }}, versions.from_day) as from_day,
        versions.until_day
    from {{ ref('stg_crm__users') }} as users
    inner join {{ ref('int_activity__user_versions') }} as versions
        on users.user_id = versions.user_id
    where versions.role = 'admin'

),

admin_logins as (

    select
        user_days.account_id,
        user_days.event_day,
        greatest(user_days.event_day, admins.from_day) as known_from_day,
        admins.until_day as known_until_day,
        sum(user_days.logins) as logins
    from user_days
    inner join admins
        on user_days.user_id = admins.user_id
    where user_days.login_rows > 0
    group by
        user_days.account_id,
        user_days.event_day,
        greatest(user_days.event_day, admins.from_day),
        admins.until_day

),

-- distinct in a window: one enters on a day whose previous one lies outside it, and leaves a window's
-- length after a day whose next one does too
active_users as (

    select
        account_id,
        event_day,
        event_day - lag(event_day) over (partition by account_id, user_id order by event_day) as days_since_previous,
        lead(event_day) over (partition by account_id, user_id order by event_day) - event_day as days_to_next
    from user_days
    where
        is_active
        and user_id is not null

),

feature_uses as (

    select
        account_id,
        feature_id,
        event_day,
        event_day - lag(event_day) over (partition by account_id, feature_id order by event_day) as days_since_previous,
        lead(event_day) over (partition by account_id, feature_id order by event_day) - event_day as days_to_next
    from {{ ref('int_activity__feature_days') }}
    where
        is_used
        and event_day >= (select first_needed.first_day from first_needed)

),

feature_turns as (

    select account_id, feature_id, event_day as turn_day, 1 as turn
    from feature_uses
    where days_since_previous is null or days_since_previous > 90
    union all
    select account_id, feature_id, event_day + 90 as turn_day, -1 as turn
    from feature_uses
    where days_to_next is null or days_to_next > 90

),

-- a feature counts from its release on, whatever was tried before, and as long as it is a core feature
used_features as (

    select
        feature_turns.account_id,
        greatest(
            feature_turns.turn_day, versions.from_day, coalesce({{ day_number('features.released_at') }}, 0)
        ) as counts_from_day,
        versions.until_day as counts_until_day,
        feature_turns.turn
    from feature_turns
    inner join {{ ref('stg_product__features') }} as features
        on feature_turns.feature_id = features.feature_id
    inner join {{ ref('int_activity__feature_versions') }} as versions
        on feature_turns.feature_id = versions.feature_id
    where versions.is_core

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
    select account_id, 'admin_logins_30d', known_from_day, least(event_day + 30, known_until_day), logins
    from admin_logins
    union all
    select account_id, 'admin_logins_60d', known_from_day, least(event_day + 60, known_until_day), logins
    from admin_logins
    union all
    select account_id, 'active_users_30d', event_day, {{ never() }}, 1 from active_users
    where days_since_previous is null or days_since_previous > 30
    union all
    select account_id, 'active_users_30d', event_day + 30, {{ never() }}, -1 from active_users
    where days_to_next is null or days_to_next > 30
    union all
    select account_id, 'core_features_90d', counts_from_day, counts_until_day, turn from used_features
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
