-- depends_on: {{ ref('int_checks__seeds') }}
select
    score_model,
    segment,
    band,
    band_label,
    {{ read_number('min_score') }} as min_score
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'score_thresholds'
