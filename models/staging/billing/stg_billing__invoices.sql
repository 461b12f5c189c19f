select
    invoice_id,
    account_id,
    amount,
    issued_on,
    due_on,
    paid_on,
    voided_on,
    currency,
    loaded_at
from {{ ref('stg_billing__invoices_checked') }}
where reject_reason is null
