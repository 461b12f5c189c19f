select
    user_id,
    account_id,
    created_at,
    role,
    is_executive,
    deactivated_at,
    loaded_at
from {{ ref('stg_crm__users_checked') }}
where reject_reason is null
