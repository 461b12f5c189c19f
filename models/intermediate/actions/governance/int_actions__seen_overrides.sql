{{
    config(
        materialized = 'incremental',
        full_refresh = false,
        unique_key = ['score_model', 'account_id', 'starts_on'],
        on_schema_change = 'append_new_columns'
    )
}}

-- every override that a run has seen, as it was written last: one that was deleted from the seed stays here
select
    score_model,
    account_id,
    starts_on,
    expires_on,
    band,
    reason,
    author
from {{ ref('int_config__manual_overrides') }}
