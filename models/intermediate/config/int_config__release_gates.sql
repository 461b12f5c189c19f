-- depends_on: {{ ref('int_checks__seeds') }}
select
    gate,
    severity,
    {{ read_number('limit_value') }} as limit_value
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'release_gates'
