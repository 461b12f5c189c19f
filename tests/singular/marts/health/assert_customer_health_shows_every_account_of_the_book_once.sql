-- the table that BI reads: the default model on the newest date of the history, no account less and none twice
with

-- every account of the date, whichever model scored it
book as (

    select distinct
        history.account_id,
        history.as_of_date,
        models.score_model
    from {{ ref('customer_health_history') }} as history
    inner join {{ ref('stg_crm__accounts') }} as accounts
        on history.account_id = accounts.account_id
    cross join {{ ref('int_config__score_models') }} as models
    where
        history.as_of_date = {{ newest_scored_date() }}
        and models.is_default

),

shown as (

    select
        account_id,
        max(as_of_date) as as_of_date,
        max(score_model) as score_model,
        count(*) as row_count
    from {{ ref('customer_health') }}
    group by account_id

)

select
    coalesce(book.account_id, shown.account_id) as account_id,
    coalesce(shown.row_count, 0) as row_count
from book
full outer join shown
    on
        book.account_id = shown.account_id
        and book.as_of_date = shown.as_of_date
        and book.score_model = shown.score_model
where
    book.account_id is null
    or shown.account_id is null
    or shown.row_count <> 1
