-- The events of the days that this run reads, and those without a day. Files are skipped by the conditions on the
-- stored column, two days wider than the days because a stored moment may be in another time zone.
select events.*
from {{ ref('stg_product__usage_events_delivered') }} as events
where
    events.event_day >= {{ first_day_to_read() }}
    and events.event_day < {{ first_day_not_to_read() }}
    and (
        events.occurred_at_stored is null
        or events.occurred_at_stored >= {{ date_from_day(first_day_to_read() ~ ' - 2') }}
    )
union all
select events.*
from {{ ref('stg_product__usage_events_delivered') }} as events
where
    events.event_day >= {{ first_single_day() }}
    and events.event_day <= {{ last_single_day() }}
    and events.event_day in (
        select days.from_day from {{ ref('stg_product__usage_event_days') }} as days
        where days.is_single_day
    )
    and (
        events.occurred_at_stored is null
        or {{ may_be_on_single_days('events.occurred_at_stored') }}
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
