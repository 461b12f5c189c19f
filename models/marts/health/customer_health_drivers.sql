-- what costs an account most, in sentences that stand next to its score
with

newest as (

    select max(as_of_date) as as_of_date
    from {{ ref('customer_health_signal_days') }}

),

latest as (

    select
        history.score_model,
        history.account_id,
        history.as_of_date,
        history.health_score,
        history.config_version
    from {{ ref('customer_health_history') }} as history
    inner join newest
        on history.as_of_date = newest.as_of_date

),

lost as (

    select
        signals.score_model,
        signals.account_id,
        signals.signal_id,
        signals.bucket,
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
        -- a constant reaches through the view to its tables
        and signals.as_of_date >= {{ newest_scored_date() }}

),

sentences as (

    select
        lost.score_model,
        lost.account_id,
        latest.as_of_date,
        lost.place,
        lost.signal_id,
        lost.bucket,
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

final as (

    select
        score_model,
        account_id,
        as_of_date,
        max(case when place = 1 then driver end) as driver_1,
        max(case when place = 2 then driver end) as driver_2,
        max(case when place = 3 then driver end) as driver_3,
        max(case when place = 1 then signal_id end) as driver_1_signal_id,
        max(case when place = 1 then bucket end) as driver_1_bucket
    from sentences
    group by score_model, account_id, as_of_date

)

select * from final
