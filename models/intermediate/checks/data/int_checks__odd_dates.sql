-- accepted rows dated before their account was created or after it churned
with

created as (

    select account_id, {{ day_number('created_at') }} as created_day
    from {{ ref('stg_crm__accounts') }}

),

gone as (

    select
        account_id,
        event_day as churned_day,
        next_start_day
    from {{ ref('int_activity__lifecycle_days') }}
    where is_churn

),

-- few events lie outside, and only for those a text is put together
limits as (

    select
        created.account_id,
        min(created.created_day) as created_day,
        coalesce(min(gone.churned_day), {{ never() }}) as first_churned_day
    from created
    left join gone
        on created.account_id = gone.account_id
    group by created.account_id

),

dated as (

    select
        'users' as source_table,
        'created_at' as column_name,
        row_key,
        account_id,
        {{ day_number('created_at') }} as event_day,
        1 as row_count
    from {{ ref('stg_crm__users_checked') }}
    where reject_reason is null
    union all
    select 'contracts', 'start_date', row_key, account_id, {{ day_number('start_date') }}, 1
    from {{ ref('stg_crm__contracts_checked') }}
    where reject_reason is null
    union all
    select 'tickets', 'created_at', row_key, account_id, {{ day_number('created_at') }}, 1
    from {{ ref('stg_support__tickets_checked') }}
    where reject_reason is null
    union all
    select 'conversations', 'started_at', row_key, account_id, {{ day_number('started_at') }}, 1
    from {{ ref('stg_support__conversations_checked') }}
    where reject_reason is null
    union all
    select 'survey_responses', 'responded_at', row_key, account_id, {{ day_number('responded_at') }}, 1
    from {{ ref('stg_surveys__survey_responses_checked') }}
    where reject_reason is null
    union all
    select 'touchpoints', 'occurred_at', row_key, account_id, {{ day_number('occurred_at') }}, 1
    from {{ ref('stg_crm__touchpoints_checked') }}
    where reject_reason is null
    union all
    select 'invoices', 'issued_on', row_key, account_id, {{ day_number('issued_on') }}, 1
    from {{ ref('stg_billing__invoices_checked') }}
    where reject_reason is null
    union all
    select 'churn_events', 'churned_on', row_key, account_id, {{ day_number('churned_on') }}, 1
    from {{ ref('stg_crm__churn_events_checked') }}
    where reject_reason is null
    union all
    select 'external_scores', 'scored_on', row_key, account_id, {{ day_number('scored_on') }}, 1
    from {{ ref('stg_crm__external_scores_checked') }}
    where reject_reason is null
    union all
    select
        'usage_events',
        'occurred_at',
        events.account_id || '|' || coalesce(events.user_id, ''),
        events.account_id,
        events.event_day,
        events.event_rows
    from {{ ref('int_activity__user_days') }} as events
    inner join limits
        on events.account_id = limits.account_id
    where
        events.event_day < limits.created_day
        or events.event_day > limits.first_churned_day

),

-- of two churns in a row the first one is in effect, and the second one must not count the row again
after_churn as (

    select distinct
        dated.source_table,
        dated.column_name,
        dated.row_key,
        dated.event_day,
        dated.row_count
    from dated
    inner join gone
        on dated.account_id = gone.account_id
    where
        dated.source_table <> 'churn_events'
        and dated.event_day > gone.churned_day
        and dated.event_day < gone.next_start_day

),

final as (

    select
        dated.source_table,
        dated.column_name,
        'before_account_created' as warning,
        dated.row_key,
        dated.row_count
    from dated
    inner join created
        on dated.account_id = created.account_id
    where dated.event_day < created.created_day
    union all
    select source_table, column_name, 'after_account_churned' as warning, row_key, row_count
    from after_churn

)

select * from final
