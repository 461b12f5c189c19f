{{ config(materialized = 'ephemeral') }}

-- Days on which something holds that may be news, for alerts that are on: those of this run, and the 30 days before
-- them, in which it may have been news already
with

history as (

    select *
    from {{ ref('customer_health_history') }}
    where as_of_date >= {{ first_scored_date(30) }}

),

settings as (

    select
        score_model,
        alert_type,
        threshold
    from {{ ref('int_config__alert_settings') }}
    where is_on

),

rules as (

    select distinct
        config_version,
        rule_id,
        signal_id
    from {{ ref('score_configurations') }}
    where seed = 'band_rules'

),

feed_changes as (

    select
        signal_id,
        as_of_date,
        true as is_feed_change
    from {{ ref('int_movement__uneven_days') }}
    where days_apart = 1

),

stale_days as (

    select distinct
        score_model,
        as_of_date,
        stale_sources
    from history
    where stale_sources <> ''

),

final as (

    select score_model, alert_type, account_id, '' as subject, as_of_date, false as is_feed_change
    from {{ ref('int_alerts__falls') }}
    union all
    select
        history.score_model, settings.alert_type, history.account_id, rules.rule_id, history.as_of_date,
        coalesce(feed_changes.is_feed_change, false)
    from history
    inner join settings
        on
            history.score_model = settings.score_model
            and settings.alert_type = 'rule_fired'
    inner join rules
        on
            history.config_version = rules.config_version
            and position(',' || rules.rule_id || ',' in ',' || history.fired_rules || ',') > 0
    left join feed_changes
        on
            rules.signal_id = feed_changes.signal_id
            and history.as_of_date = feed_changes.as_of_date
    where history.fired_rules <> ''
    union all
    select history.score_model, settings.alert_type, history.account_id, '', history.as_of_date, false
    from history
    inner join settings
        on
            history.score_model = settings.score_model
            and settings.alert_type = 'churn_signal'
    inner join {{ ref('int_alerts__churn_signals') }} as churn_signals
        on
            history.account_id = churn_signals.account_id
            and history.as_of_date = churn_signals.as_of_date
    union all
    select history.score_model, settings.alert_type, history.account_id, '', history.as_of_date, false
    from history
    inner join settings
        on
            history.score_model = settings.score_model
            and settings.alert_type = 'went_silent'
    where history.is_silent
    union all
    select history.score_model, settings.alert_type, history.account_id, '', history.as_of_date, false
    from history
    inner join settings
        on
            history.score_model = settings.score_model
            and settings.alert_type = 'renewal_at_risk'
    inner join {{ ref('int_actions__segment_bands') }} as thresholds
        on
            history.config_version = thresholds.config_version
            and history.segment = thresholds.segment
            and history.band = thresholds.band
    where
        history.days_to_renewal <= settings.threshold
        and not thresholds.is_best
    union all
    select
        stale_days.score_model, settings.alert_type, '', streams.stream, stale_days.as_of_date, false
    from stale_days
    inner join settings
        on
            stale_days.score_model = settings.score_model
            and settings.alert_type = 'source_stale'
    inner join {{ ref('int_config__source_freshness') }} as streams
        on position(',' || streams.stream || ',' in ',' || stale_days.stale_sources || ',') > 0

)

select * from final
