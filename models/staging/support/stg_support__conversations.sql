select
    conversation_id,
    account_id,
    started_at,
    channel,
    ticket_id,
    intent,
    sentiment,
    is_escalated,
    resolution_outcome,
    loaded_at
from {{ ref('stg_support__conversations_checked') }}
where reject_reason is null
