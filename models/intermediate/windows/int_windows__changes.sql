{{ config(materialized = 'view') }}

-- A fact counts from one day until another: it adds its amount on the first and takes it away on the second.
-- Running totals of these changes are the windows; facts from before the first day enter on it.
with

bounds as (

    select
        min(as_of_day) as first_day,
        max(as_of_day) as last_day
    from {{ ref('int_windows__as_of_dates') }}

),

facts as (

    select 'usage' as domain, account_id, measure, counts_from_day, counts_until_day, amount
    from {{ ref('int_windows__usage_facts') }}
    union all
    select 'support' as domain, account_id, measure, counts_from_day, counts_until_day, amount
    from {{ ref('int_windows__support_facts') }}
    union all
    select 'voice' as domain, account_id, measure, counts_from_day, counts_until_day, amount
    from {{ ref('int_windows__voice_facts') }}
    union all
    select 'billing' as domain, account_id, measure, counts_from_day, counts_until_day, amount
    from {{ ref('int_windows__billing_facts') }}

),

seen as (

    select
        facts.domain,
        facts.account_id,
        facts.measure,
        greatest(facts.counts_from_day, bounds.first_day) as counts_from_day,
        facts.counts_until_day,
        facts.amount,
        bounds.last_day
    from facts
    cross join bounds
    where
        facts.counts_from_day < facts.counts_until_day
        and facts.counts_from_day <= bounds.last_day
        and facts.counts_until_day > bounds.first_day

),

final as (

    select domain, account_id, measure, counts_from_day as as_of_day, amount as change
    from seen
    union all
    select domain, account_id, measure, counts_until_day as as_of_day, -amount as change
    from seen
    where counts_until_day <= last_day

)

select * from final
