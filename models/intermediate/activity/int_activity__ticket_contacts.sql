-- a ticket with what its conversations add: each fact with the day from which it is known
with

churn_subjects as (

    select matched_text as ticket_id
    from {{ ref('int_activity__churn_intents') }}
    where matched_by = 'subject'

),

churn_intents as (

    select matched_text as intent
    from {{ ref('int_activity__churn_intents') }}
    where matched_by = 'intent'

),

tickets as (

    select
        tickets.ticket_id,
        tickets.account_id,
        tickets.created_at,
        {{ day_number('tickets.created_at') }} as created_day,
        tickets.intent,
        tickets.issue_type,
        tickets.subject,
        {{ day_number('tickets.solved_at') }} as solved_day,
        {{ day_number('tickets.reopened_at') }} as reopened_day,
        tickets.agent_reply_count,
        case
            when tickets.escalated_at is not null then {{ day_number('tickets.escalated_at') }}
            when tickets.is_escalated then {{ day_number('tickets.created_at') }}
        end as own_escalated_day,
        links.inherited_intent,
        links.inherited_day,
        links.escalated_day as conversation_escalated_day,
        case
            when churn_intents.intent is not null then {{ day_number('tickets.created_at') }}
            when tickets.intent is null and churn_subjects.ticket_id is not null
                then {{ day_number('tickets.created_at') }}
            else links.churn_signal_day
        end as churn_signal_day
    from {{ ref('stg_support__tickets') }} as tickets
    left join {{ ref('int_activity__ticket_conversations') }} as links
        on tickets.ticket_id = links.ticket_id
    left join churn_intents
        on tickets.intent = churn_intents.intent
    left join churn_subjects
        on tickets.ticket_id = churn_subjects.ticket_id

),

final as (

    select
        account_id,
        'ticket' as contact_type,
        ticket_id as contact_id,
        created_at as contacted_at,
        created_day as contact_day,
        {{ never() }} as contact_until_day,
        coalesce(issue_type, intent, inherited_intent) as topic,
        case when issue_type is null and intent is null then inherited_day else created_day end as topic_day,
        case when issue_type is null and intent is null then 'conversations' else 'tickets' end as topic_table,
        case when intent is null and subject is null then inherited_day else created_day end as intent_day,
        case when intent is null and subject is null then 'conversations' else 'tickets' end as intent_table,
        case
            when conversation_escalated_day < own_escalated_day or own_escalated_day is null
                then conversation_escalated_day
            else own_escalated_day
        end as escalated_day,
        own_escalated_day,
        churn_signal_day,
        solved_day,
        reopened_day,
        agent_reply_count
    from tickets

)

select * from final
