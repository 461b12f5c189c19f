-- on the dates of this run, accounts and ARR of the bands make the dimension value's, and those of the segments the
-- book's
with

index_rows as (

    select
        health.score_model,
        health.as_of_date,
        health.dimension,
        health.dimension_value,
        health.accounts,
        coalesce(health.arr, 0) as arr
    from {{ ref('customer_health_index') }} as health
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on health.as_of_date = dates.as_of_date

),

bands as (

    select
        banded.score_model,
        banded.as_of_date,
        banded.dimension,
        banded.dimension_value,
        sum(banded.accounts) as accounts,
        sum(coalesce(banded.arr, 0)) as arr
    from {{ ref('customer_health_index_bands') }} as banded
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on banded.as_of_date = dates.as_of_date
    group by banded.score_model, banded.as_of_date, banded.dimension, banded.dimension_value

),

segments as (

    select
        score_model,
        as_of_date,
        sum(accounts) as accounts,
        sum(arr) as arr
    from index_rows
    where dimension = 'segment'
    group by score_model, as_of_date

)

select
    index_rows.score_model,
    index_rows.as_of_date,
    index_rows.dimension,
    index_rows.dimension_value
from index_rows
left join bands
    on
        index_rows.score_model = bands.score_model
        and index_rows.as_of_date = bands.as_of_date
        and index_rows.dimension = bands.dimension
        and index_rows.dimension_value = bands.dimension_value
left join segments
    on
        index_rows.score_model = segments.score_model
        and index_rows.as_of_date = segments.as_of_date
        and index_rows.dimension = 'book'
where
    bands.accounts is null
    or bands.accounts <> index_rows.accounts
    or bands.arr <> index_rows.arr
    or (index_rows.dimension = 'book' and segments.accounts is null)
    or segments.accounts <> index_rows.accounts
    or segments.arr <> index_rows.arr
