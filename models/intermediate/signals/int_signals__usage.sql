-- null where there is nothing to divide by: no evidence is neither good nor bad
with

released as (

    select
        as_of_dates.as_of_day,
        count(*) as core_features
    from {{ ref('int_windows__as_of_dates') }} as as_of_dates
    inner join {{ ref('stg_product__features') }} as features
        on as_of_dates.as_of_day >= coalesce({{ day_number('features.released_at') }}, 0)
    inner join {{ ref('int_activity__feature_versions') }} as versions
        on
            features.feature_id = versions.feature_id
            and as_of_dates.as_of_day >= versions.from_day
            and as_of_dates.as_of_day < versions.until_day
    where versions.is_core
    group by as_of_dates.as_of_day

),

facts as (

    select
        accounts.account_id,
        accounts.as_of_day,
        accounts.tenure_days,
        accounts.counted_days,
        accounts.seats,
        coalesce(released.core_features, 0) as core_features,
        usage.login_days_90d,
        usage.core_features_90d,
        usage.active_users_30d,
        usage.events_30d,
        usage.events_90d - usage.events_30d as earlier_events,
        usage.admin_logins_30d,
        usage.admin_logins_60d - usage.admin_logins_30d as earlier_admin_logins
    from {{ ref('int_windows__accounts') }} as accounts
    inner join {{ ref('int_windows__usage') }} as usage
        on
            accounts.account_id = usage.account_id
            and accounts.as_of_day = usage.as_of_day
    left join released
        on accounts.as_of_day = released.as_of_day

),

final as (

    select
        account_id,
        as_of_day,
        {{ safe_divide('login_days_90d * 7', 'seats * counted_days') }} as login_frequency,
        login_days_90d as login_frequency_evidence,
        {{ safe_divide('core_features_90d', 'core_features') }} as feature_adoption_rate,
        core_features_90d as feature_adoption_rate_evidence,
        case
            when active_users_30d > seats and seats > 0 then 1
            else {{ safe_divide('active_users_30d', 'seats') }}
        end as seat_utilization_rate,
        active_users_30d as seat_utilization_rate_evidence,
        case
            when tenure_days >= 90 then {{ safe_divide('events_30d * 60', 'earlier_events * 30') }}
        end as usage_trend_ratio,
        earlier_events as usage_trend_ratio_evidence,
        {{ safe_divide('admin_logins_30d - earlier_admin_logins', 'earlier_admin_logins') }} as admin_login_change,
        earlier_admin_logins as admin_login_change_evidence
    from facts

)

select * from final
