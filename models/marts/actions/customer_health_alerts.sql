{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

with

events as (

    select events.*
    from {{ ref('int_alerts__events') }} as events
    inner join {{ ref('int_config__alert_settings') }} as settings
        on
            events.score_model = settings.score_model
            and events.alert_type = settings.alert_type
            and settings.is_on

),

history as (

    select *
    from {{ ref('customer_health_history') }}
    where as_of_date >= {{ first_scored_date() }}

),

rule_labels as (

    select distinct
        rules.config_version,
        rules.rule_id,
        signals.label
    from {{ ref('score_configurations') }} as rules
    inner join {{ ref('score_configurations') }} as signals
        on
            rules.config_version = signals.config_version
            and rules.signal_id = signals.signal_id
            and signals.seed = 'signals'
    where rules.seed = 'band_rules'

),

final as (

    select
        md5(
            events.score_model || '|' || events.alert_type || '|' || events.account_id || '|' || events.subject || '|'
            || {{ date_text('events.as_of_date') }}
        ) as alert_id,
        events.as_of_date,
        {{ midnight_after('events.as_of_date') }} as raised_at,
        events.score_model,
        events.alert_type,
        nullif(events.account_id, '') as account_id,
        nullif(events.subject, '') as subject,
        history.csm_owner,
        history.segment,
        history.arr,
        events.from_band,
        history.band,
        events.cause,
        history.health_score,
        history.score_change_30d,
        history.renewal_date,
        case events.alert_type
            when 'band_worse'
                then 'Fell from ' || replace(events.from_band, '_', ' ') || ' to ' || history.band_label || '.'
            when 'band_better'
                then 'Rose from ' || replace(events.from_band, '_', ' ') || ' to ' || history.band_label || '.'
            when 'score_drop'
                then
                    'Lost ' || {{ decimal_text('-history.score_change_30d', 1) }} || ' points in 30 days, now '
                    || {{ decimal_text('history.health_score', 1) }} || '.'
            when 'rule_fired'
                then 'The rule ' || events.subject || ' fired (' || coalesce(rule_labels.label, 'its signal') || ').'
            when 'churn_signal' then 'A contact spoke of leaving.'
            when 'went_silent' then 'No ticket, conversation, answer or touchpoint in 90 days.'
            when 'source_stale'
                then 'The feed of ' || events.subject || ' is stale: no account is scored by signals that read it.'
            when 'renewal_at_risk'
                then
                    'Not ' || best_bands.band_label || ', and the term ends on '
                    || {{ date_text('history.renewal_date') }} || '.'
        end as message
    from events
    left join history
        on
            events.score_model = history.score_model
            and events.account_id = history.account_id
            and events.as_of_date = history.as_of_date
    left join rule_labels
        on
            history.config_version = rule_labels.config_version
            and events.subject = rule_labels.rule_id
            and events.alert_type = 'rule_fired'
    left join {{ ref('int_actions__segment_bands') }} as best_bands
        on
            history.config_version = best_bands.config_version
            and history.segment = best_bands.segment
            and best_bands.is_best

)

select * from final
