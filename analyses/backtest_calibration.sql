-- How does churn fall as the score rises?
select
    score_model,
    group_number as decile,
    score_from,
    score_to,
    panel_rows,
    churned_accounts,
    churn_rate,
    churn_rate_low,
    churn_rate_high,
    is_inverted,
    note
from {{ ref('backtest_calibration') }}
where grouping = 'decile'
order by score_model, group_number
