-- what about each account that left?
select
    reviews.score_model,
    reviews.account_id,
    {{ date_from_day('reviews.churned_day') }} as churned_on,
    accounts.account_name,
    churn_events.reason,
    reviews.segment,
    reviews.csm_owner,
    reviews.arr,
    reviews.tenure_days,
    reviews.health_score_180d,
    reviews.band_180d,
    reviews.drivers_180d,
    reviews.health_score_90d,
    reviews.band_90d,
    reviews.drivers_90d,
    reviews.health_score_60d,
    reviews.band_60d,
    reviews.drivers_60d,
    reviews.health_score_30d,
    reviews.band_30d,
    reviews.drivers_30d,
    {{ date_from_day('reviews.churned_day - reviews.warning_days') }} as first_warning_on,
    reviews.warning_days,
    reviews.miss
from {{ ref('int_backtest__churn_reviews') }} as reviews
inner join {{ ref('stg_crm__accounts') }} as accounts
    on reviews.account_id = accounts.account_id
left join {{ ref('stg_crm__churn_events') }} as churn_events
    on
        reviews.account_id = churn_events.account_id
        and {{ date_from_day('reviews.churned_day') }} = churn_events.churned_on
