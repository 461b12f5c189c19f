-- the days on which each evidence stream has a row, over all accounts (scoring.md 3, Evidence)
with

-- one look at the days of the users for all streams of theirs
event_days as (

    select
        event_day,
        count(user_id) as user_rows,
        sum(case when user_id is not null then login_rows else 0 end) as login_rows
    from {{ ref('int_activity__user_days') }}
    group by event_day

),

surveys as (

    select survey_type, {{ day_number('responded_at') }} as responded_day
    from {{ ref('stg_surveys__survey_responses') }}

),

touchpoints as (

    select includes_executive, {{ day_number('occurred_at') }} as occurred_day
    from {{ ref('stg_crm__touchpoints') }}

),

invoices as (

    select {{ day_number('issued_on') }} as issued_day, {{ day_number('paid_on') }} as paid_day
    from {{ ref('stg_billing__invoices') }}

),

final as (

    select stream, source_table, dated_day, visible_until_day
    from {{ ref('int_activity__support_stream_days') }}
    union all
    select 'usage_events', 'usage_events', event_day, {{ never() }} from event_days
    union all
    select 'logins', 'usage_events', event_day, {{ never() }} from event_days
    where login_rows > 0
    union all
    select 'user_events', 'usage_events', event_day, {{ never() }} from event_days
    where user_rows > 0
    union all
    select distinct 'feature_events', 'usage_events', event_day, {{ never() }}
    from {{ ref('int_activity__feature_days') }}
    union all
    select distinct survey_type || '_responses', 'survey_responses', responded_day, {{ never() }}
    from surveys
    where survey_type in ('csat', 'nps')
    union all
    -- heard, though no signal reads them
    select distinct 'other_responses', 'survey_responses', responded_day, {{ never() }} from surveys
    where survey_type not in ('csat', 'nps')
    union all
    select distinct 'touchpoints', 'touchpoints', occurred_day, {{ never() }} from touchpoints
    union all
    select distinct 'attendances', 'touchpoints', occurred_day, {{ never() }} from touchpoints
    where includes_executive is not null
    union all
    select distinct 'contracts', 'contracts', {{ day_number('start_date') }}, {{ never() }}
    from {{ ref('stg_crm__contracts') }}
    union all
    select distinct 'invoices', 'invoices', issued_day, {{ never() }} from invoices
    union all
    select distinct 'payments', 'invoices', greatest(issued_day, paid_day), {{ never() }} from invoices
    where paid_day is not null

)

select * from final
-- days that an earlier run stored say nothing once somebody says that there is no such feed
where source_table not in ({{ absent_sources_list() }})
