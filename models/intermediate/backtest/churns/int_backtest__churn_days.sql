-- what was published about the accounts that left, on each of the 180 days before they did
with

-- as today's thresholds rank the bands
best_bands as (

    select
        score_model,
        segment,
        band,
        row_number() over (partition by score_model, segment order by min_score desc) as place
    from {{ ref('int_config__score_thresholds') }}

),

published_days as (

    select
        churns.score_model,
        churns.account_id,
        churns.churned_day,
        history.as_of_date,
        churns.churned_day - {{ day_number('history.as_of_date') }} as days_before,
        history.segment,
        history.csm_owner,
        history.arr,
        history.tenure_days,
        history.health_score,
        history.band,
        history.computed_band,
        history.config_version,
        coalesce(own_best.band, default_best.band) as best_band
    from {{ ref('int_backtest__churns') }} as churns
    inner join {{ ref('customer_health_history') }} as history
        on
            churns.score_model = history.score_model
            and churns.account_id = history.account_id
            and {{ day_number('history.as_of_date') }} >= churns.churned_day - 180
            and {{ day_number('history.as_of_date') }} < churns.churned_day
    left join best_bands as own_best
        on
            history.score_model = own_best.score_model
            and history.segment = own_best.segment
            and own_best.place = 1
    left join best_bands as default_best
        on
            history.score_model = default_best.score_model
            and default_best.segment = '*'
            and default_best.place = 1

)

select
    *,
    health_score is not null and computed_band <> best_band as is_flagged
from published_days
