select
    account_id,
    scored_on,
    system,
    score,
    loaded_at
from {{ ref('stg_crm__external_scores_checked') }}
where reject_reason is null
