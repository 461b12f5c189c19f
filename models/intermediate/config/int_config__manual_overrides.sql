-- depends_on: {{ ref('int_checks__seeds') }}
select
    score_model,
    account_id,
    band,
    reason,
    author,
    {{ read_date('starts_on') }} as starts_on,
    {{ read_date('expires_on') }} as expires_on
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'manual_overrides'
