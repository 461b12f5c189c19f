-- a signal_id that no model defines is null for everyone, quietly: a slip of the pen in the seed, or SQL not written
select signal_id
from {{ ref('int_config__signals') }}
where
    signal_id not in (
        '{{ signal_ids() | join("', '") }}'
    )
