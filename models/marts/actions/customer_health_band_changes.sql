{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

-- The dates in {{ ref('int_scores__as_of_dates') }} are replaced.
with

feed_days as (

    select distinct as_of_date
    from {{ ref('int_movement__uneven_days') }}
    where days_apart = 1

),

caused as (

    select
        days.*,
        case
            when days.was_overridden or days.is_overridden then 'override'
            when days.from_band = 'onboarding' or days.band = 'onboarding' then 'coverage'
            -- one of the two has no score
            when steps.deciding_step is null and days.from_config_version <> days.config_version then 'configuration'
            when steps.deciding_step is null then 'coverage'
            -- the score alone would not have done it
            when
                (steps.deciding_step = 0 or steps.score_band <> days.computed_band)
                and coalesce(rule_turns.is_new_rule, days.from_config_version <> days.config_version)
                then 'configuration'
            when
                (steps.deciding_step = 0 or steps.score_band <> days.computed_band)
                and rule_turns.account_id is not null
                then case when rule_turns.is_feed_change then 'coverage' else 'rule' end
            when steps.deciding_step = 1 then 'configuration'
            when steps.deciding_step in (2, 3) then 'coverage'
            else 'score'
        end as cause,
        steps.deciding_step = 2 or rule_turns.is_feed_change or (
            steps.deciding_step is null and feed_days.as_of_date is not null
            and days.from_band <> 'onboarding' and days.band <> 'onboarding'
        ) as is_feed_change
    from {{ ref('int_movement__band_days') }} as days
    left join {{ ref('int_movement__band_steps') }} as steps
        on
            days.score_model = steps.score_model
            and days.account_id = steps.account_id
            and days.as_of_date = steps.as_of_date
    left join {{ ref('int_movement__rule_turns') }} as rule_turns
        on
            days.score_model = rule_turns.score_model
            and days.account_id = rule_turns.account_id
            and days.as_of_date = rule_turns.as_of_date
    left join feed_days
        on days.as_of_date = feed_days.as_of_date

),

final as (

    select
        caused.score_model,
        caused.account_id,
        caused.as_of_date,
        caused.from_band,
        caused.band as to_band,
        caused.from_computed_band,
        caused.computed_band as to_computed_band,
        caused.from_health_score,
        caused.health_score as to_health_score,
        {{ band_direction('from_thresholds', 'to_thresholds') }} as direction,
        caused.cause,
        -- an account that moved to another segment is weighed otherwise too, and alone
        (caused.cause = 'configuration' and caused.from_config_version <> caused.config_version)
        or (caused.cause = 'coverage' and coalesce(caused.is_feed_change, false)) as is_company_wide
    from caused
    left join {{ ref('int_actions__segment_bands') }} as from_thresholds
        on
            caused.from_config_version = from_thresholds.config_version
            and caused.from_segment = from_thresholds.segment
            and caused.from_band = from_thresholds.band
    left join {{ ref('int_actions__segment_bands') }} as to_thresholds
        on
            caused.config_version = to_thresholds.config_version
            and caused.segment = to_thresholds.segment
            and caused.band = to_thresholds.band

)

select * from final
