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
    from {{ ref('int_scores__streams') }}
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
    inner join {{ ref('int_scores__as_of_dates') }} as kept
        on bands.as_of_day = kept.as_of_day
    left join overrides
        on
            bands.score_model = overrides.score_model
            and bands.account_id = overrides.account_id
            and bands.as_of_day between overrides.starts_day and overrides.expires_day
    -- what only the backtest asked for is not history
    where bands.is_published

),

final as (

    select
        overridden.score_model,
        overridden.account_id,
        overridden.as_of_day,
        overridden.health_score,
        overridden.score_exact,
        overridden.band,
        case overridden.band
            when 'onboarding' then 'Onboarding'
            when 'insufficient_data' then 'Insufficient data'
            else labels.band_label
        end as band_label,
        overridden.computed_band,
        overridden.coverage,
        overridden.model_coverage,
        overridden.score_floor,
        overridden.score_ceiling,
        overridden.band_is_certain,
        overridden.usage_score,
        overridden.support_score,
        overridden.relationship_score,
        overridden.financial_score,
        overridden.fired_rules,
        overridden.override_reason,
        coalesce(stale_sources.stale_sources, '') as stale_sources
    from overridden
    left join stale_sources
        on overridden.as_of_day = stale_sources.as_of_day
    left join {{ ref('int_config__score_thresholds') }} as labels
        on
            overridden.score_model = labels.score_model
            and overridden.thresholds_segment = labels.segment
            and overridden.band = labels.band

)

select * from final
