with

history as (

    select * from {{ ref('int_scores__history') }}

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
        {{ date_from_day('history.band_since_day') }} as band_since,
        silence.is_silent,
        history.fired_rules,
        history.override_reason,
        history.stale_sources,
        versions.config_version
    from history
    inner join {{ ref('int_windows__accounts') }} as accounts
        on
            history.account_id = accounts.account_id
            and history.as_of_day = accounts.as_of_day
    inner join {{ ref('int_scores__silence') }} as silence
        on
            history.account_id = silence.account_id
            and history.as_of_day = silence.as_of_day
    inner join {{ ref('int_config__versions') }} as versions
        on history.score_model = versions.score_model
    left join history as week_ago
        on
            history.score_model = week_ago.score_model
            and history.account_id = week_ago.account_id
            and history.as_of_day - 7 = week_ago.as_of_day
    left join history as month_ago
        on
            history.score_model = month_ago.score_model
            and history.account_id = month_ago.account_id
            and history.as_of_day - 30 = month_ago.as_of_day

)

select * from final
