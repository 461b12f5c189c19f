select
    ticket_id,
    account_id,
    created_at,
    requester_user_id,
    channel,
    subject,
    intent,
    issue_type,
    priority,
    solved_at,
    escalated_at,
    is_escalated,
    reopened_at,
    agent_reply_count,
    loaded_at
from {{ ref('stg_support__tickets_checked') }}
where reject_reason is null
