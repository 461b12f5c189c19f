-- depends_on: {{ ref('int_checks__seeds') }}
select
    stream,
    cast({{ read_number('stale_after_days') }} as integer) as stale_after_days,
    {{ read_date('ended_on') }} as ended_on
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'source_freshness'
