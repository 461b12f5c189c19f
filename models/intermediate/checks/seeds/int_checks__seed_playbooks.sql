-- playbooks that leave open what is to be done, or by when
with

playbooks as (

    select
        seed_name,
        row_text,
        score_model,
        band,
        bucket,
        signal_id,
        sla_hours,
        cadence
    from {{ ref('int_checks__seed_rows') }}
    where seed_name = 'action_playbooks'

),

row_findings as (

    select
        seed_name,
        row_text,
        'it names a bucket and a signal_id; keep one of them' as problem
    from playbooks
    where bucket is not null and signal_id is not null
    union all
    select
        seed_name,
        row_text,
        'it has neither sla_hours nor cadence; write one of them' as problem
    from playbooks
    where sla_hours is null and cadence is null
    union all
    select
        seed_name,
        row_text,
        'it has both sla_hours and cadence; keep one of them' as problem
    from playbooks
    where sla_hours is not null and cadence is not null

),

-- an account may be in a band for a reason that no other row names, or for none that is known
bands_without_general_row as (

    select
        seed_name,
        min(row_text) as row_text,
        'the score_model "' || score_model || '" has rows of the band "' || band || '", and none for accounts that no'
        || ' other row fits; add one with empty bucket and signal_id' as problem
    from playbooks
    where score_model is not null and band is not null
    group by seed_name, score_model, band
    having bool_and(bucket is not null or signal_id is not null)

),

final as (

    select * from row_findings
    union all
    select * from bands_without_general_row

)

select
    seed_name,
    row_text,
    'error' as severity,
    problem
from final
