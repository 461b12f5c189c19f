-- depends_on: {{ ref('int_checks__seeds') }}
select
    signal_id,
    bucket,
    label,
    description,
    unit,
    reads,
    cast({{ read_number('needs_days') }} as integer) as needs_days,
    cast({{ read_number('min_evidence') }} as integer) as min_evidence,
    normalization,
    {{ read_number('worst_value') }} as worst_value,
    {{ read_number('best_value') }} as best_value
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'signals'
