-- every account that left within the stored history, with 90 days of it before; score by score, so that each model that
-- was published then answers for it
with

bounds as (

    select
        {{ day_number('min(as_of_date)') }} + 90 as first_day,
        {{ day_number('max(as_of_date)') }} as last_day
    from {{ ref('customer_health_history') }}
    where {{ var('backtest_enabled') }}

),

models as (

    select score_model
    from {{ ref('int_config__score_models') }}
    where is_published

)

select
    models.score_model,
    lifecycle.account_id,
    lifecycle.event_day as churned_day
from {{ ref('int_activity__lifecycle_days') }} as lifecycle
inner join bounds
    on lifecycle.event_day between bounds.first_day and bounds.last_day
cross join models
where lifecycle.is_churn
