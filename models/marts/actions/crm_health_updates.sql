{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

with

-- the model that was the default on the date
defaults as (

    select distinct config_version
    from {{ ref('score_configurations') }}
    where
        seed = 'score_models'
        and is_default

),

fields as (

    select
        history.account_id,
        history.as_of_date,
        history.score_model as health_model,
        history.health_score,
        history.band_label as health_band,
        history.band_since as health_band_since,
        history.band_is_certain as health_band_is_certain,
        history.is_silent as health_is_silent,
        history.fired_rules as health_rules,
        history.override_reason as health_override_reason
    from {{ ref('customer_health_history') }} as history
    inner join defaults
        on history.config_version = defaults.config_version
    where history.as_of_date >= {{ first_scored_date(1) }}

),

hashed as (

    select
        *,
        md5(
            health_model
            || '|' || coalesce({{ decimal_text('health_score', 1) }}, '')
            || '|' || health_band
            || '|' || {{ date_text('health_band_since') }}
            || '|' || case when health_band_is_certain then '1' else '0' end
            || '|' || case when health_is_silent then '1' else '0' end
            || '|' || health_rules
            || '|' || coalesce(health_override_reason, '')
        ) as change_hash
    from fields

),

today as (

    select hashed.*
    from hashed
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on hashed.as_of_date = dates.as_of_date

),

-- the fields of the day before, on the day on which they are looked at again
before as (

    select
        hashed.account_id,
        dates.as_of_date,
        hashed.change_hash
    from hashed
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on {{ add_days('hashed.as_of_date', 1) }} = dates.as_of_date

),

final as (

    select
        coalesce(today.account_id, before.account_id) as account_id,
        {{ midnight_after('coalesce(today.as_of_date, before.as_of_date)') }} as changed_at,
        coalesce(today.as_of_date, before.as_of_date) as as_of_date,
        -- an account that left would keep its last score in the CRM for good
        case
            when today.account_id is null then 'left'
            when before.account_id is null then 'appeared'
            else 'changed'
        end as change_type,
        today.health_model,
        today.health_score,
        today.health_band,
        today.health_band_since,
        today.health_band_is_certain,
        today.health_is_silent,
        today.health_rules,
        today.health_override_reason,
        coalesce(today.change_hash, md5('left')) as change_hash
    from today
    full outer join before
        on
            today.account_id = before.account_id
            and today.as_of_date = before.as_of_date
    where
        before.account_id is null
        or today.account_id is null
        or today.change_hash <> before.change_hash

)

select * from final
