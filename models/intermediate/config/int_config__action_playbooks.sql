-- depends_on: {{ ref('int_checks__seeds') }}
select
    score_model,
    band,
    bucket,
    signal_id,
    action,
    owner_role,
    cast({{ read_number('sla_hours') }} as integer) as sla_hours,
    case when sla_hours is not null then coalesce(hours, 'calendar') end as hours,
    cadence,
    text as next_step
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'action_playbooks'
