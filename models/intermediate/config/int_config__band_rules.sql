-- depends_on: {{ ref('int_checks__seeds') }}
select
    rule_id,
    score_model,
    signal_id,
    operator,
    {{ read_number('value') }} as value,
    {{ read_boolean('only_when_silent') }} as only_when_silent,
    best_band
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'band_rules'
