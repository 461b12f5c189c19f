-- the days that overrides held, and whether the band that people saw was better or worse than the model's
with

overrides as (

    select
        seen.score_model,
        seen.account_id,
        seen.starts_on,
        seen.expires_on,
        seen.author,
        seeded.account_id is not null as is_in_seed
    from {{ ref('int_actions__seen_overrides') }} as seen
    left join {{ ref('int_config__manual_overrides') }} as seeded
        on
            seen.score_model = seeded.score_model
            and seen.account_id = seeded.account_id
            and seen.starts_on = seeded.starts_on

),

held as (

    select
        history.score_model,
        history.account_id,
        overrides.starts_on,
        overrides.author,
        history.as_of_date,
        history.segment,
        history.health_score,
        history.band,
        history.computed_band,
        history.config_version,
        -- a start that was edited leaves a row with the old one behind; the day belongs to the row in the seed
        row_number() over (
            partition by history.score_model, history.account_id, history.as_of_date
            order by case when overrides.is_in_seed then 0 else 1 end, overrides.starts_on desc
        ) as place
    from {{ ref('customer_health_history') }} as history
    inner join overrides
        on
            history.score_model = overrides.score_model
            and history.account_id = overrides.account_id
            and history.as_of_date between overrides.starts_on and overrides.expires_on
    where history.override_reason is not null

),

threshold_sets as (

    select distinct config_version, segment
    from {{ ref('int_actions__bands') }}

),

final as (

    select
        held.score_model,
        held.account_id,
        held.starts_on,
        held.as_of_date,
        held.author,
        held.health_score,
        held.computed_band,
        -- a band without a score is neither better nor worse than another
        coalesce(shown.min_score > computed.min_score, false) as is_better,
        coalesce(shown.min_score < computed.min_score, false) as is_worse,
        coalesce(shown.is_best, false) as is_best_band
    from held
    left join threshold_sets
        on
            held.config_version = threshold_sets.config_version
            and held.segment = threshold_sets.segment
    left join {{ ref('int_actions__bands') }} as shown
        on
            held.config_version = shown.config_version
            and coalesce(threshold_sets.segment, '*') = shown.segment
            and held.band = shown.band
    left join {{ ref('int_actions__bands') }} as computed
        on
            held.config_version = computed.config_version
            and coalesce(threshold_sets.segment, '*') = computed.segment
            and held.computed_band = computed.band
    where held.place = 1

)

select * from final
