select
    touchpoint_id,
    account_id,
    occurred_at,
    touchpoint_type,
    csm_owner,
    includes_executive,
    loaded_at
from {{ ref('stg_crm__touchpoints_checked') }}
where reject_reason is null
