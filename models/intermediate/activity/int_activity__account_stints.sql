-- in scope from a start or return until the next event: a second return begins a new tenure
with

accounts as (

    select
        account_id,
        customer_since is null as has_no_customer_since
    from {{ ref('stg_crm__accounts') }}

),

-- from the first customer on, an account without customer_since is a prospect (decisions.md A4)
first_customer as (

    select coalesce(min({{ day_number('customer_since') }}), {{ never() }}) as first_customer_day
    from {{ ref('stg_crm__accounts') }}

),

final as (

    select
        lifecycle.account_id,
        lifecycle.event_day as starts_day,
        case
            when accounts.has_no_customer_since
                then least(lifecycle.next_event_day, first_customer.first_customer_day)
            else lifecycle.next_event_day
        end as ends_day
    from {{ ref('int_activity__lifecycle_days') }} as lifecycle
    cross join first_customer
    inner join accounts
        on lifecycle.account_id = accounts.account_id
    where
        not lifecycle.is_churn
        and (not accounts.has_no_customer_since or lifecycle.event_day < first_customer.first_customer_day)

)

select * from final
