-- depends_on: {{ ref('int_checks__seeds') }}
select
    score_model,
    segment,
    score_group,
    signal_id,
    {{ read_number('weight') }} as weight
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'score_weights'
