with

history as (

    select score_model, as_of_date, segment, band, band_label, arr
    from {{ ref('customer_health_history') }}

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
