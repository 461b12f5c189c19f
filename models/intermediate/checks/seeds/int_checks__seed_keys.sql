-- rows with the same key
with

seed_rows as (

    select
        *,
        {{ canonical_number(try_cast_to('lower_bound', 'decimal(38, 12)')) }} as lower_bound_key,
        {{ canonical_number(try_cast_to('min_score', 'decimal(38, 12)')) }} as min_score_key
    from {{ ref('int_checks__seed_rows') }}

),

-- a key with a null part is no key; the empty cell is a finding of its own
row_keys as (

    select
        seed_name,
        row_text,
        case seed_name
            when 'score_models' then 'score_model "' || score_model || '"'
            when 'signals' then 'signal_id "' || signal_id || '"'
            when 'signal_steps' then 'signal_id "' || signal_id || '" and lower_bound ' || lower_bound_key
            when 'score_weights'
                then
                    'score_model "' || score_model || '", segment "' || segment || '" and signal_id "'
                    || signal_id || '"'
            when 'score_thresholds'
                then 'score_model "' || score_model || '", segment "' || segment || '" and band "' || band || '"'
            when 'band_rules' then 'rule_id "' || rule_id || '" and score_model "' || score_model || '"'
            when 'churn_intents'
                then 'intent "' || coalesce(intent, '') || '" and keyword "' || coalesce(keyword, '') || '"'
            when 'source_freshness' then 'stream "' || stream || '"'
            when 'calibration_targets'
                then 'score_model "' || score_model || '", band "' || band || '" and figure "' || figure || '"'
            when 'release_gates' then 'gate "' || gate || '"'
            when 'alert_settings' then 'score_model "' || score_model || '" and alert_type "' || alert_type || '"'
            when 'action_playbooks'
                then
                    'score_model "' || score_model || '", band "' || band || '", bucket "' || coalesce(bucket, '')
                    || '" and signal_id "' || coalesce(signal_id, '') || '"'
        end as row_key
    from seed_rows
    union all
    select
        seed_name,
        row_text,
        'score_model "' || score_model || '", segment "' || segment || '" and min_score ' || min_score_key as row_key
    from seed_rows
    where seed_name = 'score_thresholds'

),

duplicates as (

    select
        seed_name,
        min(row_text) as row_text,
        cast(count(*) as {{ dbt.type_string() }}) || ' rows have ' || row_key || '; keep one of them' as problem
    from row_keys
    where row_key is not null
    group by seed_name, row_key
    having count(*) > 1

)

select
    seed_name,
    row_text,
    'error' as severity,
    problem
from duplicates
