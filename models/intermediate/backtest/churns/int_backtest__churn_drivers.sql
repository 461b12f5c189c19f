-- the three signals that cost an account most, 180, 90, 60 and 30 days before it left, as published then
with

looked_at as (

    select score_model, account_id, as_of_date, segment, config_version
    from {{ ref('int_backtest__churn_days') }}
    where
        days_before in (180, 90, 60, 30)
        and health_score is not null

),

explained as (

    {{ explained_signals('looked_at') }}

),

placed as (

    select
        explained.score_model,
        explained.account_id,
        explained.as_of_date,
        explained.points_lost,
        configured.label,
        row_number() over (
            partition by explained.score_model, explained.account_id, explained.as_of_date
            order by explained.points_lost desc, {{ as_bytes('explained.signal_id') }} asc
        ) as place
    from explained
    inner join looked_at
        on
            explained.score_model = looked_at.score_model
            and explained.account_id = looked_at.account_id
            and explained.as_of_date = looked_at.as_of_date
    inner join {{ ref('score_configurations') }} as configured
        on
            looked_at.config_version = configured.config_version
            and explained.signal_id = configured.signal_id
            and configured.seed = 'signals'
    where explained.points_lost > 0

),

final as (

    select
        score_model,
        account_id,
        as_of_date,
        {{ ordered_listagg(
            "label || ' ' || " ~ decimal_text('points_lost', 1), "', '", 'cast(place as ' ~ dbt.type_string() ~ ')'
        ) }} as drivers
    from placed
    where place <= 3
    group by score_model, account_id, as_of_date

)

select * from final
