-- Do the bands mean what they say?
select
    score_model,
    dimension,
    dimension_value,
    band_label,
    panel_rows,
    book_share,
    churned_accounts,
    churn_rate,
    churn_rate_low,
    churn_rate_high,
    churn_lift,
    target_churn_rate,
    churn_against_target,
    renewal_rate,
    renewal_rate_low,
    renewal_rate_high,
    target_renewal_rate,
    renewal_against_target,
    note
from {{ ref('backtest_bands') }}
where dimension in ('book', 'touch')
order by score_model, dimension, dimension_value, band_order
