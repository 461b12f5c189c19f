select
    account_id,
    churned_on,
    reactivated_on,
    reason,
    loaded_at
from {{ ref('stg_crm__churn_events_checked') }}
where reject_reason is null
