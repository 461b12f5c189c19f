{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

-- Written last of all that is kept by as-of date, so that a date that it holds was scored whole (run__stored_dates):
-- {{ ref('customer_health_index_bands') }}
with

history as (

    select
        history.score_model,
        history.as_of_date,
        history.segment,
        history.health_score,
        history.arr
    from {{ ref('customer_health_history') }} as history
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on history.as_of_date = dates.as_of_date

),

dimensions as (

    select score_model, as_of_date, 'book' as dimension, 'all' as dimension_value, health_score, arr
    from history
    union all
    select score_model, as_of_date, 'segment', segment, health_score, arr
    from history

),

final as (

    select
        score_model,
        as_of_date,
        dimension,
        dimension_value,
        cast(count(*) as bigint) as accounts,
        cast(count(health_score) as bigint) as scored_accounts,
        cast(sum(arr) as {{ dbt.type_numeric() }}) as arr,
        {{ published('sum(health_score) / nullif(count(health_score), 0)', 1) }} as mean_health_score,
        -- an account without ARR has no weight
        {{ published(
            'sum(health_score * arr) / nullif(sum(case when health_score is not null then arr end), 0)', 1
        ) }} as arr_weighted_health_score
    from dimensions
    group by score_model, as_of_date, dimension, dimension_value

)

select * from final
