-- signals that cannot be scored as they are written down
{% set stream = '(' ~ seed_codes('source_freshness', 'stream') | join('|') ~ ')' %}
with

seed_rows as (

    select
        *,
        {{ read_number('worst_value') }} as worst,
        {{ read_number('best_value') }} as best
    from {{ ref('int_checks__seed_rows') }}

),

signals as (

    select * from seed_rows
    where seed_name = 'signals'

),

steps as (

    select * from seed_rows
    where seed_name = 'signal_steps'

),

findings as (

    select
        'error' as severity,
        seed_name,
        row_text,
        'the reads "' || reads || '" names an unknown stream; write one or more of '
        || '{{ seed_codes('source_freshness', 'stream') | join(', ') }}, separated by one blank' as problem
    from signals
    where not {{ matches('reads', stream ~ '( ' ~ stream ~ ')*') }}
    union all
    select
        'error' as severity,
        seed_name,
        row_text,
        'a linear signal goes from a worst_value to a best_value; write both' as problem
    from signals
    where normalization = 'linear' and (worst_value is null or best_value is null)
    union all
    select
        'error' as severity,
        seed_name,
        row_text,
        'worst_value and best_value are the same; write two different numbers' as problem
    from signals
    where normalization = 'linear' and worst = best
    union all
    select
        'error' as severity,
        signals.seed_name,
        signals.row_text,
        'the signal "' || signals.signal_id || '" is normalized by steps and has none; add its rows'
        || ' to seeds/signal_steps.csv'
            as problem
    from signals
    left join steps on signals.signal_id = steps.signal_id
    where signals.normalization = 'steps' and steps.signal_id is null
    union all
    select
        'warning' as severity,
        steps.seed_name,
        steps.row_text,
        'the signal "' || signals.signal_id || '" is not normalized by steps, so this row changes nothing;'
        || ' delete it, or write'
        || ' steps as its normalization in seeds/signals.csv' as problem
    from steps
    inner join signals on steps.signal_id = signals.signal_id
    where coalesce(signals.normalization, '') <> 'steps'
    union all
    select
        'error' as severity,
        weights.seed_name,
        weights.row_text,
        'the signal "' || weights.signal_id || '" has no normalization and cannot be weighed;'
        || ' write one in seeds/signals.csv,'
        || ' or delete this row' as problem
    from seed_rows as weights
    inner join signals on weights.signal_id = signals.signal_id
    where weights.seed_name = 'score_weights' and signals.normalization is null

)

select
    seed_name,
    row_text,
    severity,
    problem
from findings
