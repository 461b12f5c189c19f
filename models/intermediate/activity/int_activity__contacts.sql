-- tickets, and conversations as long as they belong to no ticket of their account
with

conversations as (

    select
        conversations.account_id,
        conversations.conversation_id,
        conversations.started_at,
        {{ day_number('conversations.started_at') }} as started_day,
        -- from its ticket's creation on it is the ticket's conversation and no contact of its own
        coalesce({{ day_number('tickets.created_at') }}, {{ never() }}) as contact_until_day,
        conversations.intent,
        coalesce(conversations.is_escalated, false) as is_escalated,
        conversations.resolution_outcome,
        churn_intents.matched_text is not null as is_churn_signal
    from {{ ref('stg_support__conversations') }} as conversations
    left join {{ ref('stg_support__tickets') }} as tickets
        on
            conversations.ticket_id = tickets.ticket_id
            and conversations.account_id = tickets.account_id
    left join {{ ref('int_activity__churn_intents') }} as churn_intents
        on
            conversations.intent = churn_intents.matched_text
            and churn_intents.matched_by = 'intent'

),

-- a fact about a contact is known from its own day, but never before the contact itself
tickets as (

    select
        account_id,
        contact_type,
        contact_id,
        contacted_at,
        contact_day,
        contact_until_day,
        topic,
        topic_table,
        case when topic_day < contact_day then contact_day else topic_day end as topic_from_day,
        intent_table,
        case when intent_day < contact_day then contact_day else intent_day end as intent_from_day,
        case when escalated_day < contact_day then contact_day else escalated_day end as escalated_from_day,
        case
            when churn_signal_day < contact_day then contact_day else churn_signal_day
        end as churn_signal_from_day,
        cast(null as {{ dbt.type_string() }}) as resolution_outcome
    from {{ ref('int_activity__ticket_contacts') }}

),

final as (

    select * from tickets

    union all

    select
        account_id,
        'conversation' as contact_type,
        conversation_id as contact_id,
        started_at as contacted_at,
        started_day as contact_day,
        contact_until_day,
        intent as topic,
        'conversations' as topic_table,
        case when intent is not null then started_day end as topic_from_day,
        'conversations' as intent_table,
        case when intent is not null then started_day end as intent_from_day,
        case when is_escalated then started_day end as escalated_from_day,
        case when is_churn_signal then started_day end as churn_signal_from_day,
        resolution_outcome
    from conversations
    where contact_until_day > started_day

)

select * from final
