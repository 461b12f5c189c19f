select
    signal_id,
    as_of_date,
    company_reason,
    is_absent,
    cast(accounts_in_scope as bigint) as accounts_in_scope,
    cast(accounts_with_value as bigint) as accounts_with_value
from {{ ref('int_scores__signal_days') }}
