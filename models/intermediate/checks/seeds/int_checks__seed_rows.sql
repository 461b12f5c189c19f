-- every seed in one table of trimmed text: one column for each column of any seed, null where the seed has none;
-- blank lines, which spreadsheets like to leave, are no rows
with

seed_rows as (

    select {{ seed_columns('score_models') }} from {{ ref('score_models') }}
    union all
    select {{ seed_columns('signals') }} from {{ ref('signals') }}
    union all
    select {{ seed_columns('signal_steps') }} from {{ ref('signal_steps') }}
    union all
    select {{ seed_columns('score_weights') }} from {{ ref('score_weights') }}
    union all
    select {{ seed_columns('score_thresholds') }} from {{ ref('score_thresholds') }}
    union all
    select {{ seed_columns('band_rules') }} from {{ ref('band_rules') }}
    union all
    select {{ seed_columns('churn_intents') }} from {{ ref('churn_intents') }}
    union all
    select {{ seed_columns('manual_overrides') }} from {{ ref('manual_overrides') }}
    union all
    select {{ seed_columns('source_freshness') }} from {{ ref('source_freshness') }}
    union all
    select {{ seed_columns('calibration_targets') }} from {{ ref('calibration_targets') }}
    union all
    select {{ seed_columns('release_gates') }} from {{ ref('release_gates') }}
    union all
    select {{ seed_columns('alert_settings') }} from {{ ref('alert_settings') }}
    union all
    select {{ seed_columns('action_playbooks') }} from {{ ref('action_playbooks') }}

)

select * from seed_rows
where is_filled
