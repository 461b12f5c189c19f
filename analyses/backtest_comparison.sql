-- Is the candidate better? And is a score better than its baselines?
select
    score_model,
    compared_with,
    dimension,
    dimension_value,
    churned_accounts,
    auc,
    compared_auc,
    auc_difference,
    auc_difference_low,
    auc_difference_high,
    lift_difference,
    accounts_changing_band,
    arr_changing_band,
    verdict,
    note
from {{ ref('backtest_comparison') }}
where dimension in ('book', 'segment')
order by score_model, compared_kind, compared_with, dimension, dimension_value
