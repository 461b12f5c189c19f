-- what the scores said on a date of the backtest, and what came of the account in the window after it
with

scored as (

    select
        bands.score_model,
        bands.account_id,
        bands.as_of_day,
        dates.as_of_date as panel_date,
        dates.quarter,
        dates.panel_part,
        dates.known_until_day,
        case
            when bands.computed_band in ('onboarding', 'insufficient_data') then bands.computed_band
            else 'scored'
        end as population,
        bands.health_score,
        bands.score_exact,
        bands.computed_band,
        bands.thresholds_segment,
        segments.weights_segment,
        accounts.segment,
        accounts.csm_owner,
        accounts.arr,
        accounts.tenure_days
    from {{ ref('int_scores__bands') }} as bands
    inner join {{ ref('int_backtest__dates') }} as dates
        on bands.as_of_day = dates.as_of_day
    inner join {{ ref('int_scores__inputs') }} as accounts
        on
            bands.account_id = accounts.account_id
            and bands.as_of_day = accounts.as_of_day
    inner join {{ ref('int_scores__segments') }} as segments
        on
            bands.score_model = segments.score_model
            and accounts.segment = segments.segment
    -- a churn that came to light later: nobody can be won who had already left
    inner join {{ ref('int_activity__account_stints') }} as stints
        on
            bands.account_id = stints.account_id
            and bands.as_of_day >= stints.starts_day
            and bands.as_of_day < stints.ends_day

),

account_days as (

    select distinct account_id, as_of_day, known_until_day
    from scored

),

churns as (

    select
        account_days.account_id,
        account_days.as_of_day,
        min(lifecycle.event_day) as churned_day
    from account_days
    inner join {{ ref('int_activity__lifecycle_days') }} as lifecycle
        on
            account_days.account_id = lifecycle.account_id
            and lifecycle.is_churn
            and account_days.as_of_day < lifecycle.event_day
            and lifecycle.event_day <= account_days.as_of_day + {{ var('churn_horizon_days') }}
    group by account_days.account_id, account_days.as_of_day

),

-- somebody spoke with the account after the date: a saved account looks like a false alarm
touches as (

    select
        account_days.account_id,
        account_days.as_of_day,
        min({{ day_number('touchpoints.occurred_at') }}) as touched_day
    from account_days
    inner join {{ ref('stg_crm__touchpoints') }} as touchpoints
        on
            account_days.account_id = touchpoints.account_id
            and {{ day_number('touchpoints.occurred_at') }} > account_days.as_of_day
            and {{ day_number('touchpoints.occurred_at') }} <= account_days.as_of_day + {{ var('churn_horizon_days') }}
    group by account_days.account_id, account_days.as_of_day

),

renewals as (

    select
        account_days.account_id,
        account_days.as_of_day,
        count(*) as terms_ended,
        count(case when terms.is_renewed then 1 end) as terms_renewed
    from account_days
    inner join {{ ref('int_activity__contract_terms') }} as terms
        on
            account_days.account_id = terms.account_id
            and account_days.as_of_day < terms.ended_day
            and terms.ended_day <= account_days.as_of_day + {{ var('churn_horizon_days') }}
            and account_days.known_until_day >= terms.outcome_known_day
    group by account_days.account_id, account_days.as_of_day

),

final as (

    select
        scored.*,
        churns.churned_day is not null as is_churned,
        churns.churned_day,
        coalesce(touches.touched_day < coalesce(churns.churned_day, {{ never() }}), false) as is_touched,
        coalesce(renewals.terms_ended, 0) as terms_ended,
        coalesce(renewals.terms_renewed, 0) as terms_renewed
    from scored
    left join churns
        on
            scored.account_id = churns.account_id
            and scored.as_of_day = churns.as_of_day
    left join touches
        on
            scored.account_id = touches.account_id
            and scored.as_of_day = touches.as_of_day
    left join renewals
        on
            scored.account_id = renewals.account_id
            and scored.as_of_day = renewals.as_of_day
    -- too late to act on: an account that leaves within the gap is not in the panel of that date
    where churns.churned_day is null or churns.churned_day > scored.as_of_day + {{ var('backtest_gap_days') }}

)

select * from final
