{{ config(materialized = 'ephemeral') }}

-- Changes between settled bands: a band settles on the first day on which the account is well inside it, or has been
-- in it for min_dwell_days; a score that dances on a line settles nowhere, and makes no news
with

settings as (

    select
        score_model,
        hysteresis_points,
        min_dwell_days
    from {{ ref('int_config__alert_settings') }}
    where alert_type = 'band_worse'

),

judged as (

    select
        history.score_model,
        history.account_id,
        history.as_of_date,
        history.band,
        history.band_since,
        case
            when
                history.as_of_date >= {{ add_days('history.band_since', 'settings.min_dwell_days - 1') }}
                or history.override_reason is not null
                -- lowered by a rule it may stand anywhere
                or (
                    {{ reaches('history.health_score', 'thresholds.min_score + settings.hysteresis_points') }}
                    or (thresholds.is_worst and settings.hysteresis_points is not null)
                )
                and (
                    history.health_score <= thresholds.next_min_score - settings.hysteresis_points
                    or (thresholds.is_best and settings.hysteresis_points is not null)
                )
                then history.as_of_date
        end as settled_on
    from {{ ref('customer_health_history') }} as history
    inner join settings
        on history.score_model = settings.score_model
    left join {{ ref('int_actions__segment_bands') }} as thresholds
        on
            history.config_version = thresholds.config_version
            and history.segment = thresholds.segment
            and history.band = thresholds.band
    where history.as_of_date >= {{ first_scored_date(91) }}

),

runs as (

    select
        score_model,
        account_id,
        band,
        band_since,
        min(settled_on) as settled_on,
        max(settled_on) as last_settled_on
    from judged
    group by score_model, account_id, band, band_since
    having min(settled_on) is not null

),

followed as (

    select
        *,
        lag(band) over (partition by score_model, account_id order by settled_on) as from_band,
        lag(last_settled_on) over (partition by score_model, account_id order by settled_on) as from_last_settled_on
    from runs

),

final as (

    select
        followed.score_model,
        followed.account_id,
        followed.settled_on as as_of_date,
        followed.from_band,
        followed.band as to_band,
        followed.band_since
    from followed
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on followed.settled_on = dates.as_of_date
    where
        followed.from_band <> followed.band
        -- so that a night, which looks back 90 days, and a full build see the same
        and followed.from_last_settled_on >= {{ add_days('followed.settled_on', -90) }}

)

select * from final
