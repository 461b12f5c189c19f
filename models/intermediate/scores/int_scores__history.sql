-- the band a person reads: what the model says, unless somebody overrode it for the day
with

overrides as (

    select
        score_model,
        account_id,
        band,
        reason,
        {{ day_number('starts_on') }} as starts_day,
        {{ day_number('expires_on') }} as expires_day
    from {{ ref('int_config__manual_overrides') }}

),

stale_sources as (

    select
        as_of_day,
        {{ ordered_listagg('stream', "','", 'stream') }} as stale_sources
    from {{ ref('int_windows__streams') }}
    where
        is_stale
        and is_watched
    group by as_of_day

),

overridden as (

    select
        bands.*,
        coalesce(overrides.band, bands.computed_band) as band,
        overrides.reason as override_reason
    from {{ ref('int_scores__bands') }} as bands
    left join overrides
        on
            bands.score_model = overrides.score_model
            and bands.account_id = overrides.account_id
            and bands.as_of_day between overrides.starts_day and overrides.expires_day

),

-- a day without a row or with another band breaks the run
runs as (

    select
        *,
        case
            when
                lag(band) over (partition by score_model, account_id order by as_of_day) = band
                and lag(as_of_day) over (partition by score_model, account_id order by as_of_day) = as_of_day - 1
                then null
            else as_of_day
        end as run_starts_day
    from overridden

),

final as (

    select
        runs.score_model,
        runs.account_id,
        runs.as_of_day,
        runs.health_score,
        runs.score_exact,
        runs.band,
        case runs.band
            when 'onboarding' then 'Onboarding'
            when 'insufficient_data' then 'Insufficient data'
            else labels.band_label
        end as band_label,
        runs.computed_band,
        runs.coverage,
        runs.model_coverage,
        runs.score_floor,
        runs.score_ceiling,
        runs.band_is_certain,
        runs.usage_score,
        runs.support_score,
        runs.relationship_score,
        runs.financial_score,
        max(runs.run_starts_day) over (
            partition by runs.score_model, runs.account_id order by runs.as_of_day rows unbounded preceding
        ) as band_since_day,
        runs.fired_rules,
        runs.override_reason,
        coalesce(stale_sources.stale_sources, '') as stale_sources
    from runs
    left join stale_sources
        on runs.as_of_day = stale_sources.as_of_day
    left join {{ ref('int_config__score_thresholds') }} as labels
        on
            runs.score_model = labels.score_model
            and runs.thresholds_segment = labels.segment
            and runs.band = labels.band

)

select * from final
