-- Accepted rows per event date (scoring.md 1). Usage events are counted on the days that source_status looks at, and
-- known by their days before that: their daily facts are kept for years.
with

book as (

    select as_of_day
    from {{ ref('int_sources__tables') }}
    where source_table = 'usage_events'

),

recent_events as (

    select
        event_day,
        sum(event_rows) as row_count
    from {{ ref('int_activity__user_days') }}
    where
        event_day >= (select book.as_of_day - 28 from book)
        and event_day <= (select book.as_of_day from book)
    group by event_day

),

small_tables as (

    -- an account's event date is its start
    select
        'accounts' as source_table,
        coalesce({{ day_number('customer_since') }}, {{ day_number('created_at') }}) as event_day,
        loaded_at
    from {{ ref('stg_crm__accounts') }}
    union all
    select 'users', {{ day_number('created_at') }}, loaded_at from {{ ref('stg_crm__users') }}
    union all
    select 'contracts', {{ day_number('start_date') }}, loaded_at from {{ ref('stg_crm__contracts') }}
    union all
    select 'features', {{ day_number('released_at') }}, loaded_at from {{ ref('stg_product__features') }}
    union all
    select 'tickets', {{ day_number('created_at') }}, loaded_at from {{ ref('stg_support__tickets') }}
    union all
    select 'conversations', {{ day_number('started_at') }}, loaded_at from {{ ref('stg_support__conversations') }}
    union all
    select 'survey_responses', {{ day_number('responded_at') }}, loaded_at
    from {{ ref('stg_surveys__survey_responses') }}
    union all
    select 'touchpoints', {{ day_number('occurred_at') }}, loaded_at from {{ ref('stg_crm__touchpoints') }}
    union all
    select 'invoices', {{ day_number('issued_on') }}, loaded_at from {{ ref('stg_billing__invoices') }}
    union all
    select 'churn_events', {{ day_number('churned_on') }}, loaded_at from {{ ref('stg_crm__churn_events') }}
    union all
    select 'external_scores', {{ day_number('scored_on') }}, loaded_at from {{ ref('stg_crm__external_scores') }}

),

final as (

    select
        source_table,
        event_day,
        count(*) as row_count,
        max(loaded_at) as newest_loaded_at
    from small_tables
    group by source_table, event_day
    union all
    select
        'usage_events' as source_table,
        stream_days.dated_day as event_day,
        recent_events.row_count,
        loads.newest_loaded_at
    from {{ ref('int_activity__stream_days') }} as stream_days
    left join recent_events
        on stream_days.dated_day = recent_events.event_day
    cross join {{ ref('int_activity__event_loads') }} as loads
    where stream_days.stream = 'usage_events'

)

select * from final
