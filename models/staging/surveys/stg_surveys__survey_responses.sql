select
    response_id,
    account_id,
    survey_type,
    score,
    responded_at,
    user_id,
    ticket_id,
    loaded_at
from {{ ref('stg_surveys__survey_responses_checked') }}
where reject_reason is null
