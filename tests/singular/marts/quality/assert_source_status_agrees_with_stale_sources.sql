-- the feeds table and the scores say the same of a watched table on the newest date, unless this run scored another one
with

health as (

    select
        as_of_date,
        max(stale_sources) as stale_sources
    from {{ ref('customer_health') }}
    group by as_of_date

)

select
    status.source_table,
    status.is_stale,
    status.stale_since,
    health.stale_sources
from {{ ref('source_status') }} as status
inner join health
    on status.as_of_date = health.as_of_date
inner join {{ ref('int_scores__as_of_dates') }} as dates
    on status.as_of_date = dates.as_of_date
where
    status.stale_after_days is not null
    and status.is_stale <> (position(',' || status.source_table || ',' in ',' || health.stale_sources || ',') > 0)
