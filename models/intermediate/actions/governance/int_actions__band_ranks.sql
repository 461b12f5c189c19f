{{ config(materialized = 'view') }}

-- the bands of every configuration that ever scored: a day of last year is judged by the bands of last year
select
    config_version,
    segment,
    band,
    min_score,
    min_score = 0 as is_worst,
    min_score = max(min_score) over (partition by config_version, segment) as is_best
from {{ ref('score_configurations') }}
where seed = 'score_thresholds'
