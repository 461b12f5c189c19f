-- Pairs of dates between which an account's score is split into what moved it: the 30 days that end on the newest date, every
-- change of band, and falls that a feed or a change of weights may have made
with

history as (

    select
        score_model,
        account_id,
        as_of_date,
        segment,
        config_version,
        health_score,
        score_exact,
        score_change_30d
    from {{ ref('customer_health_history') }}
    where as_of_date >= {{ first_scored_date(61) }}

),

uneven_days as (

    select distinct as_of_date
    from {{ ref('int_movement__uneven_days') }}
    where days_apart = 30

),

drop_alerts as (

    select score_model, threshold
    from {{ ref('int_config__alert_settings') }}
    where
        alert_type = 'score_drop'
        and is_on

),

falls as (

    select
        history.score_model,
        history.account_id,
        history.as_of_date,
        earlier.as_of_date as compared_date
    from history
    inner join drop_alerts
        on history.score_model = drop_alerts.score_model
    inner join history as earlier
        on
            history.score_model = earlier.score_model
            and history.account_id = earlier.account_id
            and {{ add_days('history.as_of_date', -30) }} = earlier.as_of_date
    left join uneven_days
        on history.as_of_date = uneven_days.as_of_date
    where
        history.score_change_30d <= -drop_alerts.threshold
        and history.as_of_date >= {{ first_scored_date(31) }}
        and (uneven_days.as_of_date is not null or history.config_version <> earlier.config_version)

),

pairs as (

    select
        score_model,
        account_id,
        as_of_date,
        {{ add_days('as_of_date', -30) }} as compared_date
    from history
    where
        as_of_date = {{ newest_scored_date() }}
        and score_change_30d is not null
    union
    select
        score_model,
        account_id,
        as_of_date,
        compared_date
    from {{ ref('int_movement__band_days') }}
    where
        score_exact is not null
        and from_score_exact is not null
    union
    select
        score_model,
        account_id,
        as_of_date,
        compared_date
    from falls

),

final as (

    select
        pairs.score_model,
        pairs.account_id,
        pairs.as_of_date,
        pairs.compared_date,
        history.segment,
        history.config_version,
        earlier.score_exact as from_score_exact,
        history.score_exact
    from pairs
    inner join history
        on
            pairs.score_model = history.score_model
            and pairs.account_id = history.account_id
            and pairs.as_of_date = history.as_of_date
    inner join history as earlier
        on
            pairs.score_model = earlier.score_model
            and pairs.account_id = earlier.account_id
            and pairs.compared_date = earlier.as_of_date

)

select * from final
