{{ config(materialized = 'ephemeral') }}

-- days on which a ticket or a conversation of the account began to speak of leaving
with

contacts as (

    select
        account_id,
        min(
            case when counts_from_day < churn_signal_from_day then churn_signal_from_day else counts_from_day end
        ) as first_day
    from {{ ref('int_activity__contact_activity') }}
    where churn_signal_from_day < counts_until_day
    group by account_id, contact_type, contact_id

)

select distinct
    account_id,
    {{ date_from_day('first_day') }} as as_of_date
from contacts
