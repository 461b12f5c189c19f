-- judged on the newest date of the book, also when this run scored an older one, as customer_health is
with

tables as (

    {{ raw_tables() }}

),

book_dates as (

    select as_of_day from {{ ref('int_windows__as_of_dates') }}
    union all
    select {{ day_number('as_of_date') }} as as_of_day from {{ ref('run__stored_dates') }}

),

newest as (

    select max(as_of_day) as as_of_day
    from book_dates

)

select
    tables.source_table,
    tables.is_delivered,
    newest.as_of_day
from tables
cross join newest
