with

newest as (

    select max(as_of_date) as as_of_date
    from {{ ref('customer_health_history') }}

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

lost as (

    select
        signals.score_model,
        signals.account_id,
        signals.signal_id,
        signals.signal_value,
        signals.points_lost,
        row_number() over (
            partition by signals.score_model, signals.account_id
            order by signals.points_lost desc, signals.signal_id asc
        ) as place
    from {{ ref('customer_health_signals') }} as signals
    inner join newest
        on signals.as_of_date = newest.as_of_date
    where
        signals.points_lost > 0
        -- the newest date is this run's or a later one; a constant reaches through the view to its tables
        and signals.as_of_date >= {{ as_of_date() }}

),

sentences as (

    select
        lost.score_model,
        lost.account_id,
        lost.place,
        configured.label || ': ' || {{ decimal_text('lost.signal_value', 2) }} || coalesce(' ' || configured.unit, '')
        || ', ' || {{ decimal_text('lost.points_lost', 1) }} || ' points lost' as driver
    from lost
    inner join latest
        on
            lost.score_model = latest.score_model
            and lost.account_id = latest.account_id
            and latest.health_score is not null
    inner join {{ ref('score_configurations') }} as configured
        on
            latest.config_version = configured.config_version
            and lost.signal_id = configured.signal_id
            and configured.seed = 'signals'
    where lost.place <= 3

),

drivers as (

    select
        score_model,
        account_id,
        max(case when place = 1 then driver end) as driver_1,
        max(case when place = 2 then driver end) as driver_2,
        max(case when place = 3 then driver end) as driver_3
    from sentences
    group by score_model, account_id

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
    left join drivers
        on
            latest.score_model = drivers.score_model
            and latest.account_id = drivers.account_id

)

select * from final
