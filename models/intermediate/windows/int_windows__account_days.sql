-- every day from the first to the last scored one, also days out of scope: running totals need them all
with

accounts as (

    select distinct account_id
    from {{ ref('int_activity__account_stints') }}

),

bounds as (

    select
        min(as_of_day) as first_day,
        max(as_of_day) as last_day
    from {{ ref('int_windows__as_of_dates') }}

),

days as (

    {{ day_series('(select first_day from bounds)', '(select last_day from bounds)') }}

)

select
    accounts.account_id,
    days.day_number as as_of_day
from accounts
cross join days
