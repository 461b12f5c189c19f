-- what today's seeds make of a date of the past, beside what was said on that day
select
    panel.score_model,
    panel.account_id,
    panel.panel_date,
    panel.quarter,
    panel.panel_part,
    panel.population,
    panel.health_score,
    panel.computed_band,
    history.health_score as score_as_published,
    history.band as band_as_published,
    panel.segment,
    panel.csm_owner,
    {{ published('panel.arr', 6) }} as arr,
    panel.tenure_days,
    panel.is_churned,
    {{ date_from_day('panel.churned_day') }} as churned_on,
    panel.churned_day - panel.as_of_day as days_to_churn,
    panel.is_touched,
    cast(panel.terms_ended as bigint) as terms_ended,
    cast(panel.terms_renewed as bigint) as terms_renewed
from {{ ref('int_backtest__panel') }} as panel
left join {{ ref('customer_health_history') }} as history
    on
        panel.score_model = history.score_model
        and panel.account_id = history.account_id
        and panel.panel_date = history.as_of_date
