{{ config(materialized = 'ephemeral') }}

-- who first: what may be lost, what it is worth, how soon it is decided, and how sure we are
with

accounts as (

    select
        account_id,
        health_score,
        band_ends_at,
        coverage,
        is_certain,
        cast(arr as {{ type_double() }}) as arr,
        days_to_renewal
    from {{ ref('int_actions__accounts') }}

),

paying as (

    select
        arr,
        row_number() over (order by arr, account_id) as place,
        count(*) over () as accounts
    from accounts
    where arr > 0

),

-- the middle one, or the mean of the two in the middle
median as (

    select (min(arr) + max(arr)) / 2.0 as arr
    from paying
    where 2 * place between accounts and accounts + 2

),

parts as (

    select
        accounts.account_id,
        -- a band that a rule or a person lowered is as risky as its own best score
        (100.0 - case
            when coalesce(accounts.health_score, 50) > accounts.band_ends_at then accounts.band_ends_at
            else coalesce(accounts.health_score, 50)
        end) / 100.0 as risk,
        case
            when accounts.arr is null then 0.5
            when accounts.arr <= 0 then 0
            else accounts.arr / (accounts.arr + median.arr)
        end as value_part,
        case
            when accounts.days_to_renewal is null or accounts.days_to_renewal >= 180 then 0
            when accounts.days_to_renewal <= 30 then 1
            else (180 - accounts.days_to_renewal) / 150.0
        end as urgency,
        case when accounts.is_certain then 1 else 0.5 + 0.5 * accounts.coverage end as certainty
    from accounts
    cross join median

),

final as (

    select
        account_id,
        {{ published('100.0 * risk * (1 + value_part + urgency) / 3.0 * certainty', 1) }} as priority
    from parts

)

select * from final
