-- on the dates of this run, accounts and ARR of the bands make the dimension value's, those of the buckets what is at
-- risk, and those of every dimension the book's
with

index_rows as (

    select
        health.score_model,
        health.as_of_date,
        health.dimension,
        health.dimension_value,
        health.accounts,
        coalesce(health.arr, 0) as arr,
        health.at_risk_accounts,
        coalesce(health.arr_at_risk, 0) as arr_at_risk
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

buckets as (

    select
        split.score_model,
        split.as_of_date,
        split.dimension,
        split.dimension_value,
        sum(split.at_risk_accounts) as at_risk_accounts,
        sum(coalesce(split.arr_at_risk, 0)) as arr_at_risk
    from {{ ref('customer_health_index_buckets') }} as split
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on split.as_of_date = dates.as_of_date
    group by split.score_model, split.as_of_date, split.dimension, split.dimension_value

),

dimensions as (

    select
        score_model,
        as_of_date,
        dimension,
        sum(accounts) as accounts,
        sum(arr) as arr,
        sum(at_risk_accounts) as at_risk_accounts,
        sum(arr_at_risk) as arr_at_risk
    from index_rows
    where dimension <> 'book'
    group by score_model, as_of_date, dimension

),

-- how many dimensions add up to the book
books as (

    select
        book.score_model,
        book.as_of_date,
        count(*) as dimensions
    from index_rows as book
    inner join dimensions
        on
            book.score_model = dimensions.score_model
            and book.as_of_date = dimensions.as_of_date
            and book.accounts = dimensions.accounts
            and book.arr = dimensions.arr
            and book.at_risk_accounts = dimensions.at_risk_accounts
            and book.arr_at_risk = dimensions.arr_at_risk
    where book.dimension = 'book'
    group by book.score_model, book.as_of_date

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
left join buckets
    on
        index_rows.score_model = buckets.score_model
        and index_rows.as_of_date = buckets.as_of_date
        and index_rows.dimension = buckets.dimension
        and index_rows.dimension_value = buckets.dimension_value
left join books
    on
        index_rows.score_model = books.score_model
        and index_rows.as_of_date = books.as_of_date
        and index_rows.dimension = 'book'
where
    bands.accounts is null
    or bands.accounts <> index_rows.accounts
    or bands.arr <> index_rows.arr
    or coalesce(buckets.at_risk_accounts, 0) <> index_rows.at_risk_accounts
    or coalesce(buckets.arr_at_risk, 0) <> index_rows.arr_at_risk
    or (index_rows.dimension = 'book' and coalesce(books.dimensions, 0) <> 4)
