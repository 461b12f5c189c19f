-- What should change next quarter?
select
    score_model,
    segment,
    signal_id,
    current_weight,
    proposed_weight,
    weight_change,
    evidence_share,
    auc,
    churned_accounts,
    current_auc,
    proposed_auc,
    auc_gain,
    auc_gain_low,
    auc_gain_high,
    note
from {{ ref('backtest_weight_proposal') }}
order by score_model asc, segment asc, current_weight desc, signal_id asc
