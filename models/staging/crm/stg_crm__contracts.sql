select
    contract_id,
    account_id,
    start_date,
    end_date,
    seats,
    annual_value,
    plan,
    currency,
    cancelled_at,
    loaded_at
from {{ ref('stg_crm__contracts_checked') }}
where reject_reason is null
