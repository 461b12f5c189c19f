-- accepted rows that contradict another row
with

active_days as (

    select account_id, event_day from {{ ref('int_activity__user_days') }}
    union all
    select account_id, contact_day from {{ ref('int_activity__ticket_contacts') }}
    union all
    select account_id, {{ day_number('started_at') }} from {{ ref('stg_support__conversations') }}

),

last_active as (

    select account_id, max(event_day) as last_active_day
    from active_days
    group by account_id

),

churns as (

    select
        row_key,
        account_id,
        {{ day_number('churned_on') }} as churned_day,
        reactivated_on is null
        and churned_on = max(churned_on) over (partition by account_id) as is_final
    from {{ ref('stg_crm__churn_events_checked') }}
    where reject_reason is null

),

-- a term that ran to its end, and one day that no term covers before the next one starts
one_day_gaps as (

    select terms.contract_id
    from {{ ref('int_activity__contract_terms') }} as terms
    inner join {{ ref('int_activity__contract_terms') }} as others
        on
            terms.account_id = others.account_id
            and others.start_day <= terms.end_day + 1
            and terms.end_day < others.ended_day
    where terms.ended_day = terms.end_day
    group by terms.contract_id
    having min(others.start_day) = max(terms.end_day) + 1

),

final as (

    select
        'contracts' as source_table,
        'end_date' as column_name,
        'one_day_gap' as warning,
        contract_id as row_key,
        1 as row_count
    from one_day_gaps
    union all
    select 'churn_events', 'churned_on', 'activity_after_churn', churns.row_key, 1
    from churns
    inner join last_active
        on churns.account_id = last_active.account_id
    where
        churns.is_final
        and last_active.last_active_day > churns.churned_day

)

select * from final
