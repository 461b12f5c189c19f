-- each band of every configuration ever used, from its own line up to the next one
select
    config_version,
    segment,
    band,
    band_label,
    min_score,
    lead(min_score, 1, 1e300) over (partition by config_version, segment order by min_score) as next_min_score,
    row_number() over (partition by config_version, segment order by min_score desc) = 1 as is_best,
    row_number() over (partition by config_version, segment order by min_score asc) = 1 as is_worst
from {{ ref('score_configurations') }}
where seed = 'score_thresholds'
