-- How early was it seen?
select
    score_model,
    days_before,
    churns,
    flagged_churns,
    flagged_share,
    flagged_share_low,
    flagged_share_high,
    median_warning_days,
    note
from {{ ref('backtest_lead_time') }}
order by score_model asc, days_before desc
