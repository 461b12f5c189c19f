-- of the 31 days that end on the as-of date, those measured in this run: nobody in scope is left out, and nobody else
-- is scored
with

in_scope as (

    select
        models.score_model,
        accounts.account_id,
        accounts.as_of_date
    from {{ ref('int_windows__accounts') }} as accounts
    cross join {{ ref('int_config__score_models') }} as models
    where
        models.is_published
        and accounts.as_of_date > {{ add_days(as_of_date(), -31) }}
        and accounts.as_of_date <= {{ as_of_date() }}

),

-- dates that this run did not measure have nothing to be compared with
measured_dates as (

    select as_of_date
    from {{ ref('int_windows__as_of_dates') }}

),

-- an account that accounts holds no more keeps its older rows (int_checks__missing_accounts warns of it)
known_accounts as (

    select account_id
    from {{ ref('stg_crm__accounts') }}

),

scored as (

    select
        history.score_model,
        history.account_id,
        history.as_of_date
    from {{ ref('customer_health_history') }} as history
    inner join measured_dates
        on history.as_of_date = measured_dates.as_of_date
    inner join known_accounts
        on history.account_id = known_accounts.account_id
    where
        history.as_of_date > {{ add_days(as_of_date(), -31) }}
        and history.as_of_date <= {{ as_of_date() }}

),

left_out as (

    select
        score_model,
        account_id,
        as_of_date
    from in_scope
    except
    select
        score_model,
        account_id,
        as_of_date
    from scored

),

out_of_scope as (

    select
        score_model,
        account_id,
        as_of_date
    from scored
    except
    select
        score_model,
        account_id,
        as_of_date
    from in_scope

)

select
    score_model,
    account_id,
    as_of_date,
    'in scope and not scored' as problem
from left_out
union all
select
    score_model,
    account_id,
    as_of_date,
    'scored and not in scope' as problem
from out_of_scope
