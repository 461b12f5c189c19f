{{ config(materialized = 'ephemeral') }}

-- the band that begins at 0, which the seed check makes the lowest in every model and segment
select
    segments.score_model,
    segments.segment,
    thresholds.band
from {{ ref('int_scores__segments') }} as segments
inner join {{ ref('int_config__score_thresholds') }} as thresholds
    on
        segments.score_model = thresholds.score_model
        and segments.thresholds_segment = thresholds.segment
where thresholds.min_score = 0
