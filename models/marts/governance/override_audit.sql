-- every manual override that was ever seen: what the model said meanwhile, and what became of the account
with

-- an override is judged by what is known on the newest date; a churn that comes later is not
churns as (

    select
        ends.score_model,
        ends.account_id,
        ends.starts_on,
        min(lifecycle.event_day) as churned_day
    from {{ ref('int_actions__override_ends') }} as ends
    inner join {{ ref('int_activity__lifecycle_days') }} as lifecycle
        on
            ends.account_id = lifecycle.account_id
            and lifecycle.is_churn
            and {{ day_number('ends.starts_on') }} < lifecycle.event_day
    where lifecycle.event_day <= {{ day_number('ends.known_until') }}
    group by ends.score_model, ends.account_id, ends.starts_on

),

final as (

    select
        ends.score_model,
        ends.account_id,
        accounts.account_name,
        ends.starts_on,
        ends.expires_on,
        ends.band,
        ends.reason,
        ends.author,
        ends.is_in_seed,
        cast(coalesce(effects.days_in_effect, 0) as bigint) as days_in_effect,
        cast(coalesce(effects.days_better, 0) as bigint) as days_better,
        cast(coalesce(effects.days_worse, 0) as bigint) as days_worse,
        effects.first_day_in_effect,
        effects.first_computed_band,
        effects.first_health_score,
        effects.latest_day_in_effect,
        effects.latest_computed_band,
        effects.latest_health_score,
        ends.watched_until,
        ends.is_outcome_final,
        outcomes.band as outcome_band,
        outcomes.computed_band as outcome_computed_band,
        outcomes.health_score as outcome_health_score,
        {{ date_from_day('churns.churned_day') }} as churned_on,
        churns.churned_day - {{ day_number('ends.starts_on') }} as days_to_churn,
        coalesce({{ date_from_day('churns.churned_day') }} <= ends.watched_until, false) as is_lapsed_into_churn
    from {{ ref('int_actions__override_ends') }} as ends
    left join {{ ref('int_actions__override_effects') }} as effects
        on
            ends.score_model = effects.score_model
            and ends.account_id = effects.account_id
            and ends.starts_on = effects.starts_on
    left join churns
        on
            ends.score_model = churns.score_model
            and ends.account_id = churns.account_id
            and ends.starts_on = churns.starts_on
    -- an account that has left has no row then
    left join {{ ref('customer_health_history') }} as outcomes
        on
            ends.score_model = outcomes.score_model
            and ends.account_id = outcomes.account_id
            and ends.watched_until = outcomes.as_of_date
    left join {{ ref('stg_crm__accounts') }} as accounts
        on ends.account_id = accounts.account_id

)

select * from final
