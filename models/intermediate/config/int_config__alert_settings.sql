-- depends_on: {{ ref('int_checks__seeds') }}
select
    score_model,
    alert_type,
    {{ read_boolean('is_on') }} as is_on,
    {{ read_number('threshold') }} as threshold,
    {{ read_number('hysteresis_points') }} as hysteresis_points,
    cast({{ read_number('min_dwell_days') }} as integer) as min_dwell_days
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'alert_settings'
