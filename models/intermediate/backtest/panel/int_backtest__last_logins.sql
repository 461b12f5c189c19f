-- the last login before each date of the backtest: one pass over the days of the users, cut at those dates
with

periods as (

    select
        as_of_day,
        lag(as_of_day, 1, {{ since_ever() }}) over (order by as_of_day) as after_day
    from {{ ref('int_backtest__dates') }}

),

-- fewer rows before they meet the dates
login_days as (

    select account_id, event_day
    from {{ ref('int_activity__user_days') }}
    where has_login
    group by account_id, event_day

),

logins as (

    select
        login_days.account_id,
        periods.as_of_day,
        max(login_days.event_day) as last_login_day
    from login_days
    inner join periods
        on
            login_days.event_day > periods.after_day
            and login_days.event_day <= periods.as_of_day
    group by login_days.account_id, periods.as_of_day

),

accounts as (

    select distinct account_id
    from logins

),

final as (

    select
        accounts.account_id,
        periods.as_of_day,
        max(logins.last_login_day) over (
            partition by accounts.account_id order by periods.as_of_day rows unbounded preceding
        ) as last_login_day
    from accounts
    cross join periods
    left join logins
        on
            accounts.account_id = logins.account_id
            and periods.as_of_day = logins.as_of_day

)

select * from final
