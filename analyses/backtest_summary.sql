-- Does the score rank the accounts that left below the rest, and better than what is to be had for nothing?
select
    score_model,
    predictor_label,
    dimension,
    dimension_value,
    churned_accounts,
    auc,
    auc_low,
    auc_high,
    arr_weighted_auc,
    top_decile_lift,
    churner_share_lowest_20,
    worst_per_csm_precision,
    note
from {{ ref('backtest_summary') }}
where
    dimension in ('book', 'segment', 'quarter')
    and (dimension = 'book' or predictor = 'health_score')
order by score_model asc, dimension asc, dimension_value asc, auc desc
