-- dates on which a signal speaks for the whole company and did not so many days before, or the other way round: its
-- feed began, broke or came back
with

days as (

    select
        signal_id,
        as_of_date,
        company_reason
    from {{ ref('customer_health_signal_days') }}
    where as_of_date >= {{ first_scored_date(61) }}

),

distances as (

    select 1 as days_apart
    union all
    select 30

)

select
    days.as_of_date,
    distances.days_apart,
    days.signal_id,
    earlier.company_reason is not null as was_silenced
from days
cross join distances
inner join days as earlier
    on
        days.signal_id = earlier.signal_id
        and days.as_of_date = {{ add_days('earlier.as_of_date', 'distances.days_apart') }}
where (days.company_reason is null) <> (earlier.company_reason is null)
