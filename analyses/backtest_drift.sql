-- Is the score still the score it was?
select
    score_model,
    measure,
    subject,
    quarter,
    panel_rows,
    figure,
    figure_low,
    figure_high,
    note
from {{ ref('backtest_drift') }}
where
    quarter <> reference_quarter
    or measure = 'band_churn_rate'
order by score_model asc, measure asc, figure desc, subject asc, quarter asc
