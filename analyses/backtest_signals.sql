-- Which signals earn their weight?
select
    score_model,
    label,
    weight,
    evidence_share,
    churned_accounts,
    auc,
    auc_low,
    auc_high,
    information_value,
    direction,
    psi,
    verdict,
    note
from {{ ref('backtest_signals') }}
order by score_model asc, weight desc, auc desc
