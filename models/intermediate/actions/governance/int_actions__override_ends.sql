{{ config(materialized = 'ephemeral') }}

-- Until when the account of an override is watched: 90 days after its end. One that was deleted ended on the last day
-- that it held, not on the day it was meant to; one that never held a day has no end and no outcome.
with

newest as (

    select max(as_of_date) as as_of_date
    from {{ ref('customer_health_signal_days') }}

),

ended as (

    select
        seen.score_model,
        seen.account_id,
        seen.starts_on,
        seen.expires_on,
        seen.band,
        seen.reason,
        seen.author,
        seeded.account_id is not null as is_in_seed,
        case
            when effects.account_id is null then null
            when seeded.account_id is null then effects.latest_day_in_effect
            else seen.expires_on
        end as ended_on
    from {{ ref('int_actions__seen_overrides') }} as seen
    left join {{ ref('int_config__manual_overrides') }} as seeded
        on
            seen.score_model = seeded.score_model
            and seen.account_id = seeded.account_id
            and seen.starts_on = seeded.starts_on
    left join {{ ref('int_actions__override_effects') }} as effects
        on
            seen.score_model = effects.score_model
            and seen.account_id = effects.account_id
            and seen.starts_on = effects.starts_on

),

final as (

    select
        ended.score_model,
        ended.account_id,
        ended.starts_on,
        ended.expires_on,
        ended.band,
        ended.reason,
        ended.author,
        ended.is_in_seed,
        case
            when {{ add_days('ended.ended_on', 90) }} <= newest.as_of_date then {{ add_days('ended.ended_on', 90) }}
            when ended.ended_on is not null then newest.as_of_date
        end as watched_until,
        coalesce({{ add_days('ended.ended_on', 90) }} <= newest.as_of_date, false) as is_outcome_final,
        newest.as_of_date as known_until
    from ended
    cross join newest

)

select * from final
