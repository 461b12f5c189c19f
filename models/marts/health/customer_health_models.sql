-- the newest date that was scored, for people: with names, and with the reasons in words
with

newest as (

    -- not of the history, which has no row of a day on which everybody had left
    select max(as_of_date) as as_of_date
    from {{ ref('customer_health_signal_days') }}

),

latest as (

    select history.*
    from {{ ref('customer_health_history') }} as history
    inner join newest
        on history.as_of_date = newest.as_of_date
    inner join {{ ref('int_config__score_models') }} as models
        on
            history.score_model = models.score_model
            and models.is_published

),

final as (

    select
        latest.score_model,
        latest.account_id,
        accounts.account_name,
        latest.segment,
        latest.csm_owner,
        latest.region,
        latest.plan,
        latest.as_of_date,
        latest.tenure_days,
        latest.health_score,
        latest.band,
        latest.band_label,
        latest.computed_band,
        latest.coverage,
        latest.model_coverage,
        latest.score_floor,
        latest.score_ceiling,
        latest.band_is_certain,
        latest.usage_score,
        latest.support_score,
        latest.relationship_score,
        latest.financial_score,
        latest.seats,
        latest.arr,
        latest.renewal_date,
        latest.days_to_renewal,
        latest.is_past_due_renewal,
        latest.score_change_7d,
        latest.score_change_30d,
        latest.band_since,
        latest.is_silent,
        latest.fired_rules,
        latest.override_reason,
        latest.stale_sources,
        drivers.driver_1,
        drivers.driver_2,
        drivers.driver_3,
        latest.config_version
    from latest
    inner join {{ ref('stg_crm__accounts') }} as accounts
        on latest.account_id = accounts.account_id
    left join {{ ref('customer_health_drivers') }} as drivers
        on
            latest.score_model = drivers.score_model
            and latest.account_id = drivers.account_id

)

select * from final
