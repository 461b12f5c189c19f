-- Where should the lines be? Every fifth possible line, those of today's bands, and the one that the team can work off
select
    score_model,
    line,
    band,
    fits_capacity,
    flagged_per_date,
    flagged_per_csm,
    flag_precision,
    flag_recall,
    churned_arr_recall,
    note
from {{ ref('backtest_thresholds') }}
where
    line % 5 = 0
    or band is not null
    or fits_capacity
order by score_model, line
