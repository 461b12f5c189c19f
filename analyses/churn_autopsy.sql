-- What about each account that left? The default score model, the dearest first
select
    autopsy.account_name,
    autopsy.churned_on,
    autopsy.arr,
    autopsy.miss,
    autopsy.warning_days,
    autopsy.health_score_90d,
    autopsy.band_90d,
    autopsy.health_score_30d,
    autopsy.band_30d,
    autopsy.drivers_30d,
    autopsy.reason
from {{ ref('churn_autopsy') }} as autopsy
inner join {{ ref('int_config__score_models') }} as models
    on
        autopsy.score_model = models.score_model
        and models.is_default
order by autopsy.arr desc, autopsy.account_name asc
