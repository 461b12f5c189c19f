-- depends_on: {{ ref('int_checks__seeds') }}
select
    score_model,
    band,
    figure,
    {{ read_number('target') }} as target
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'calibration_targets'
