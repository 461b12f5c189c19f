-- Pairs of dates between which an account's score is split into what moved it: the 30 days that end on the newest
-- date, every change of band, and falls that a feed or a change of weights may have made
with

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

-- few rows, found before they are joined to the dates that they are compared with
months as (

    select
        history.score_model,
        history.account_id,
        history.as_of_date,
        {{ add_days('history.as_of_date', -30) }} as compared_date,
        history.segment,
        history.config_version,
        history.score_exact,
        history.as_of_date = {{ newest_scored_date() }} as is_newest,
        uneven_days.as_of_date is not null as is_uneven
    from {{ ref('customer_health_history') }} as history
    left join drop_alerts
        on history.score_model = drop_alerts.score_model
    left join uneven_days
        on history.as_of_date = uneven_days.as_of_date
    where
        history.as_of_date >= {{ first_scored_date(31) }}
        and history.score_change_30d is not null
        and (
            history.as_of_date = {{ newest_scored_date() }}
            or history.score_change_30d <= -drop_alerts.threshold
        )

),

final as (

    select
        months.score_model,
        months.account_id,
        months.as_of_date,
        months.compared_date,
        months.segment,
        months.config_version,
        earlier.score_exact as from_score_exact,
        months.score_exact
    from months
    inner join {{ ref('customer_health_history') }} as earlier
        on
            months.score_model = earlier.score_model
            and months.account_id = earlier.account_id
            and months.compared_date = earlier.as_of_date
            and earlier.as_of_date >= {{ first_scored_date(61) }}
    where
        months.is_newest
        or months.is_uneven
        or months.config_version <> earlier.config_version
        or months.segment <> earlier.segment
    union all
    select
        score_model,
        account_id,
        as_of_date,
        compared_date,
        segment,
        config_version,
        from_score_exact,
        score_exact
    from {{ ref('int_movement__band_days') }}
    where
        score_exact is not null
        and from_score_exact is not null

)

select * from final
