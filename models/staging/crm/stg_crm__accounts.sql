select
    account_id,
    created_at,
    account_name,
    segment,
    customer_since,
    industry,
    region,
    csm_owner,
    parent_account_id,
    is_internal,
    loaded_at
from {{ ref('stg_crm__accounts_checked') }}
where reject_reason is null
