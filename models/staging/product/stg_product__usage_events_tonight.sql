-- The events of the days that this run reads, and those without a day. Files are skipped by the conditions on the stored
-- column, two days wider than the days because a stored moment may be in another time zone.
with

stretch as (

    select
        from_day,
        until_day,
        {{ date_from_day('from_day - 2') }} as stored_from
    from {{ ref('stg_product__usage_event_days') }}
    where not is_single_day

),

single_days as (

    select from_day as event_day
    from {{ ref('stg_product__usage_event_days') }}
    where is_single_day

),

single_bounds as (

    select
        {{ date_from_day('min(event_day) - 2') }} as stored_from,
        {{ date_from_day('max(event_day) + 3') }} as stored_until
    from single_days

)

select events.*
from {{ ref('stg_product__usage_events_delivered') }} as events
where
    events.event_day >= (select stretch.from_day from stretch)
    and events.event_day < (select stretch.until_day from stretch)
    and (events.occurred_at_stored is null or events.occurred_at_stored >= (select stretch.stored_from from stretch))
union all
select events.*
from {{ ref('stg_product__usage_events_delivered') }} as events
inner join single_days
    on events.event_day = single_days.event_day
where
    events.occurred_at_stored is null
    or (
        events.occurred_at_stored >= (select single_bounds.stored_from from single_bounds)
        and events.occurred_at_stored < (select single_bounds.stored_until from single_bounds)
    )
union all
select events.*
from {{ ref('stg_product__usage_events_delivered') }} as events
where
    events.event_day is null
    -- no moment at all, or an infinite one
    and (
        events.occurred_at_stored is null
        or events.occurred_at_stored < {{ date_from_day(since_ever()) }}
        or events.occurred_at_stored >= {{ date_from_day(day_number("date '9999-12-31'")) }}
    )
