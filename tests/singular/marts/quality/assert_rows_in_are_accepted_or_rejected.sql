-- no raw row disappears silently: of every table, rows in = rows accepted + rows rejected. Of usage events the days
-- that this run read, and the rows without a day: others are kept though raw may hold them no more.
{% set tables = [
    'accounts', 'users', 'contracts', 'features', 'tickets', 'conversations', 'survey_responses', 'touchpoints',
    'invoices', 'churn_events', 'external_scores'
] %}
with

single_days as (

    select from_day
    from {{ ref('stg_product__usage_event_days') }}
    where is_single_day

),

delivered as (

    {% for table in tables %}
        select
            '{{ table }}' as source_table,
            count(*) as rows_in
        from {{ source('raw', table) }}
        union all
    {% endfor %}
    select
        'usage_events',
        count(*)
    from {{ ref('stg_product__usage_events_tonight') }}

),

judged as (

    select
        source_table,
        rows_accepted as row_count
    from {{ ref('int_checks__row_counts') }}
    where source_table <> 'usage_events'
    union all
    select
        'usage_events',
        sum(event_rows)
    from {{ ref('int_activity__user_days') }}
    where
        (event_day >= {{ first_day_to_read() }} and event_day < {{ first_day_not_to_read() }})
        or event_day in (select single_days.from_day from single_days)
    union all
    select
        source_table,
        1
    from {{ ref('rejected_rows') }}
    where source_table <> 'usage_events'
    union all
    select
        'usage_events',
        count(*)
    from {{ ref('stg_product__usage_events_rejected') }}
    where
        event_day is null
        or (event_day >= {{ first_day_to_read() }} and event_day < {{ first_day_not_to_read() }})
        or event_day in (select single_days.from_day from single_days)

),

accounted_for as (

    select
        source_table,
        sum(row_count) as row_count
    from judged
    group by source_table

)

select
    delivered.source_table,
    delivered.rows_in,
    accounted_for.row_count as rows_accepted_or_rejected
from delivered
left join accounted_for
    on delivered.source_table = accounted_for.source_table
where delivered.rows_in <> coalesce(accounted_for.row_count, 0)
