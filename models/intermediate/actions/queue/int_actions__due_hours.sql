{{ config(materialized = 'ephemeral') }}

-- by when: hours are counted from 1970, because integers add alike on every engine
with

accounts as (

    select
        account_id,
        {{ day_number('band_since') }} + 1 as flagged_day,
        {{ day_number('as_of_date') }} + 1 as today,
        {{ stable_number('account_id', 28) }} as review_day_of_month
    from {{ ref('int_actions__accounts') }}

),

flagged as (

    select
        accounts.*,
        playbooks.sla_hours,
        playbooks.hours,
        touchpoints.first_touchpoint_at,
        touchpoints.last_touchpoint_at,
        -- 1970-01-01 was a Thursday: Monday is 0, Saturday 5
        mod(accounts.flagged_day + 3, 7) as weekday
    from accounts
    inner join {{ ref('int_actions__playbooks') }} as playbooks
        on accounts.account_id = playbooks.account_id
    left join {{ ref('int_actions__touchpoints') }} as touchpoints
        on accounts.account_id = touchpoints.account_id

),

counted as (

    select
        *,
        -- business hours begin on Monday for what was flagged on a weekend
        case when hours = 'business' and weekday >= 5 then flagged_day + 7 - weekday else flagged_day end as from_day,
        case when weekday >= 5 then 0 else weekday end as from_weekday,
        -- a review needs a whole day's notice, and nobody is reviewed twice within two weeks
        case
            when last_touchpoint_at is null then flagged_day + 1
            else {{ day_number('last_touchpoint_at') }} + 15
        end as review_from_day
    from flagged

),

final as (

    select
        account_id,
        today,
        flagged_day,
        sla_hours,
        first_touchpoint_at,
        last_touchpoint_at,
        from_day * 24 + sla_hours
        + case
            -- each full week of 120 business hours adds a weekend; landing on its first minute does not
            when hours = 'business' then 48 * cast(ceil((from_weekday * 24 + sla_hours) / 120.0) - 1 as integer)
            else 0
        end as sla_due_hour,
        {{ next_day_of_month('review_from_day', 'review_day_of_month') }} as review_day,
        {{ next_day_of_month('today', 'review_day_of_month') }} as coming_review_day
    from counted

)

select * from final
