{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

-- how often bands change, with and without what alerts wait for
with

accounts as (

    select
        history.score_model,
        history.as_of_date,
        count(*) as accounts
    from {{ ref('customer_health_history') }} as history
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on history.as_of_date = dates.as_of_date
    where history.as_of_date >= {{ first_scored_date() }}
    group by history.score_model, history.as_of_date

),

changes as (

    select
        score_model,
        as_of_date,
        count(*) as changes
    from {{ ref('customer_health_band_changes') }}
    where as_of_date >= {{ first_scored_date() }}
    group by score_model, as_of_date

),

settled as (

    select
        score_model,
        as_of_date,
        count(*) as changes
    from {{ ref('int_alerts__settled_changes') }}
    group by score_model, as_of_date

),

final as (

    select
        accounts.score_model,
        accounts.as_of_date,
        cast(accounts.accounts as bigint) as accounts,
        cast(coalesce(changes.changes, 0) as bigint) as band_changes,
        cast(case when settings.score_model is not null then coalesce(settled.changes, 0) end as bigint)
            as settled_band_changes
    from accounts
    left join changes
        on
            accounts.score_model = changes.score_model
            and accounts.as_of_date = changes.as_of_date
    left join settled
        on
            accounts.score_model = settled.score_model
            and accounts.as_of_date = settled.as_of_date
    -- without settings no band settles
    left join {{ ref('int_config__alert_settings') }} as settings
        on
            accounts.score_model = settings.score_model
            and settings.alert_type = 'band_worse'

)

select * from final
