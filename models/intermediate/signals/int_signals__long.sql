{{ config(materialized = 'view') }}

-- one row per signal of the seed, present even without evidence, so that somebody has to deal with it
select
    wide.account_id,
    wide.as_of_day,
    signals.signal_id,
    {{ signal_case('signals.signal_id', 'wide') }} as measured_value,
    {{ signal_case('signals.signal_id', 'wide', '_evidence') }} as evidence_count
from {{ ref('int_signals__wide') }} as wide
cross join {{ ref('int_config__signals') }} as signals
