select
    account_id,
    as_of_date,
    {{ signal_columns() }}
from {{ ref('int_signals__wide') }}
