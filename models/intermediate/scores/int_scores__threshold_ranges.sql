-- each band from its own line up to the next one
select
    score_model,
    segment,
    band,
    band_label,
    min_score,
    lead(min_score, 1, 1e300) over (partition by score_model, segment order by min_score) as next_min_score
from {{ ref('int_config__score_thresholds') }}
