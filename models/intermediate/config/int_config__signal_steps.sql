-- depends_on: {{ ref('int_checks__seeds') }}
select
    signal_id,
    {{ read_number('lower_bound') }} as lower_bound,
    {{ read_number('normalized_score') }} as normalized_score
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'signal_steps'
