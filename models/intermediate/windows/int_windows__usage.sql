-- measure names are columns here; a new measure is one line in each of the three lists
with

changes as (

    select
        account_id,
        as_of_day,
        sum(case when measure = 'events_30d' then change else 0 end) as events_30d,
        sum(case when measure = 'events_90d' then change else 0 end) as events_90d,
        sum(case when measure = 'login_days_90d' then change else 0 end) as login_days_90d,
        sum(case when measure = 'admin_logins_30d' then change else 0 end) as admin_logins_30d,
        sum(case when measure = 'admin_logins_60d' then change else 0 end) as admin_logins_60d,
        sum(case when measure = 'active_users_30d' then change else 0 end) as active_users_30d,
        sum(case when measure = 'core_features_90d' then change else 0 end) as core_features_90d,
        sum(case when measure = 'enabled_users' then change else 0 end) as enabled_users
    from {{ ref('int_windows__changes') }}
    where domain = 'usage'
    group by account_id, as_of_day

),

totals as (

    select
        days.account_id,
        days.as_of_day,
        sum(coalesce(changes.events_30d, 0)) over account_so_far as events_30d,
        sum(coalesce(changes.events_90d, 0)) over account_so_far as events_90d,
        sum(coalesce(changes.login_days_90d, 0)) over account_so_far as login_days_90d,
        sum(coalesce(changes.admin_logins_30d, 0)) over account_so_far as admin_logins_30d,
        sum(coalesce(changes.admin_logins_60d, 0)) over account_so_far as admin_logins_60d,
        sum(coalesce(changes.active_users_30d, 0)) over account_so_far as active_users_30d,
        sum(coalesce(changes.core_features_90d, 0)) over account_so_far as core_features_90d,
        sum(coalesce(changes.enabled_users, 0)) over account_so_far as enabled_users
    from {{ ref('int_windows__account_days') }} as days
    left join changes
        on
            days.account_id = changes.account_id
            and days.as_of_day = changes.as_of_day
    window account_so_far as (
        partition by days.account_id order by days.as_of_day rows unbounded preceding
    )

),

final as (

    select
        account_id,
        as_of_day,
        cast(events_30d as {{ type_double() }}) as events_30d,
        cast(events_90d as {{ type_double() }}) as events_90d,
        cast(login_days_90d as {{ type_double() }}) as login_days_90d,
        cast(admin_logins_30d as {{ type_double() }}) as admin_logins_30d,
        cast(admin_logins_60d as {{ type_double() }}) as admin_logins_60d,
        cast(active_users_30d as {{ type_double() }}) as active_users_30d,
        cast(core_features_90d as {{ type_double() }}) as core_features_90d,
        cast(enabled_users as {{ type_double() }}) as enabled_users
    from totals

)

select * from final
