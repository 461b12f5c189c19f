{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

-- Kept by as-of date: the dates in {{ ref('int_scores__as_of_dates') }} are replaced. Written after the signals that
-- explain it: {{ ref('customer_health_signal_values') }}, {{ ref('customer_health_signal_days') }}
with

scored as (

    select
        score_model,
        account_id,
        as_of_day,
        health_score,
        band,
        cast(null as integer) as band_since_day
    from {{ ref('int_scores__history') }}

),

{% if is_incremental() %}

bounds as (

    select min(as_of_date) as first_date, max(as_of_date) as last_date
    from {{ ref('int_scores__as_of_dates') }}

),

-- what earlier runs scored in the 30 days that movement looks back to
stored as (

    select
        stored.score_model,
        stored.account_id,
        {{ day_number('stored.as_of_date') }} as as_of_day,
        stored.health_score,
        stored.band,
        {{ day_number('stored.band_since') }} as band_since_day
    from {{ this }} as stored
    cross join bounds
    left join {{ ref('int_scores__as_of_dates') }} as dates
        on stored.as_of_date = dates.as_of_date
    where
        stored.as_of_date >= {{ add_days('bounds.first_date', -30) }}
        and stored.as_of_date <= bounds.last_date
        and dates.as_of_date is null

),

{% endif %}

known as (

    select * from scored
    {% if is_incremental() %}
    union all
    select * from stored
    {% endif %}

),

-- a day without a row or with another band breaks the run
runs as (

    select
        *,
        case
            when
                lag(band) over (partition by score_model, account_id order by as_of_day) = band
                and lag(as_of_day) over (partition by score_model, account_id order by as_of_day) = as_of_day - 1
                then band_since_day
            else coalesce(band_since_day, as_of_day)
        end as run_starts_day
    from known

),

band_runs as (

    select
        score_model,
        account_id,
        as_of_day,
        max(run_starts_day) over (
            partition by score_model, account_id order by as_of_day rows unbounded preceding
        ) as band_since_day
    from runs

),

final as (

    select
        history.score_model,
        history.account_id,
        accounts.as_of_date,
        accounts.segment,
        accounts.csm_owner,
        accounts.region,
        accounts.plan,
        accounts.tenure_days,
        history.health_score,
        history.score_exact,
        history.band,
        history.band_label,
        history.computed_band,
        {{ published('history.coverage', 6) }} as coverage,
        {{ published('history.model_coverage', 6) }} as model_coverage,
        history.score_floor,
        history.score_ceiling,
        history.band_is_certain,
        {{ published('history.usage_score', 1) }} as usage_score,
        {{ published('history.support_score', 1) }} as support_score,
        {{ published('history.relationship_score', 1) }} as relationship_score,
        {{ published('history.financial_score', 1) }} as financial_score,
        {{ published('accounts.seats', 6) }} as seats,
        {{ published('accounts.arr', 6) }} as arr,
        {{ date_from_day('accounts.renewal_day') }} as renewal_date,
        accounts.renewal_day - accounts.as_of_day as days_to_renewal,
        accounts.is_past_due_renewal,
        cast(history.health_score - week_ago.health_score as {{ dbt.type_numeric() }}) as score_change_7d,
        cast(history.health_score - month_ago.health_score as {{ dbt.type_numeric() }}) as score_change_30d,
        {{ date_from_day('band_runs.band_since_day') }} as band_since,
        silence.is_silent,
        history.fired_rules,
        history.override_reason,
        history.stale_sources,
        versions.config_version
    from {{ ref('int_scores__history') }} as history
    inner join {{ ref('int_scores__inputs') }} as accounts
        on
            history.account_id = accounts.account_id
            and history.as_of_day = accounts.as_of_day
    inner join {{ ref('int_scores__silence') }} as silence
        on
            history.account_id = silence.account_id
            and history.as_of_day = silence.as_of_day
    inner join {{ ref('int_config__versions') }} as versions
        on history.score_model = versions.score_model
    inner join band_runs
        on
            history.score_model = band_runs.score_model
            and history.account_id = band_runs.account_id
            and history.as_of_day = band_runs.as_of_day
    left join known as week_ago
        on
            history.score_model = week_ago.score_model
            and history.account_id = week_ago.account_id
            and history.as_of_day - 7 = week_ago.as_of_day
    left join known as month_ago
        on
            history.score_model = month_ago.score_model
            and history.account_id = month_ago.account_id
            and history.as_of_day - 30 = month_ago.as_of_day

)

select * from final
