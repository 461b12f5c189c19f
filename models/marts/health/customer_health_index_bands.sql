{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

with

history as (

    select
        history.score_model,
        history.as_of_date,
        history.segment,
        history.band,
        history.band_label,
        history.arr
    from {{ ref('customer_health_history') }} as history
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on history.as_of_date = dates.as_of_date

),

dimensions as (

    select score_model, as_of_date, 'book' as dimension, 'all' as dimension_value, band, band_label, arr
    from history
    union all
    select score_model, as_of_date, 'segment', segment, band, band_label, arr
    from history

),

final as (

    select
        score_model,
        as_of_date,
        dimension,
        dimension_value,
        band,
        max(band_label) as band_label,
        cast(count(*) as bigint) as accounts,
        cast(sum(arr) as {{ dbt.type_numeric() }}) as arr
    from dimensions
    group by score_model, as_of_date, dimension, dimension_value, band

)

select * from final
