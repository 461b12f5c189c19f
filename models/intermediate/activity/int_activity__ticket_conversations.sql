-- what a ticket's own conversations add to it, each from the day of the conversation on
with

linked as (

    select
        conversations.ticket_id,
        conversations.conversation_id,
        conversations.started_at,
        {{ day_number('conversations.started_at') }} as started_day,
        conversations.intent,
        conversations.is_escalated
    from {{ ref('stg_support__conversations') }} as conversations
    inner join {{ ref('stg_support__tickets') }} as tickets
        on
            conversations.ticket_id = tickets.ticket_id
            and conversations.account_id = tickets.account_id

),

first_intents as (

    select
        ticket_id,
        intent,
        started_day,
        row_number() over (partition by ticket_id order by started_at, conversation_id) as place
    from linked
    where intent is not null

),

churn_intents as (

    select matched_text as intent
    from {{ ref('int_activity__churn_intents') }}
    where matched_by = 'intent'

),

turning_days as (

    select
        linked.ticket_id,
        min(case when linked.is_escalated then linked.started_day end) as escalated_day,
        min(case when churn_intents.intent is not null then linked.started_day end) as churn_signal_day
    from linked
    left join churn_intents
        on linked.intent = churn_intents.intent
    group by linked.ticket_id

),

final as (

    select
        turning_days.ticket_id,
        first_intents.intent as inherited_intent,
        first_intents.started_day as inherited_day,
        turning_days.escalated_day,
        turning_days.churn_signal_day
    from turning_days
    left join first_intents
        on
            turning_days.ticket_id = first_intents.ticket_id
            and first_intents.place = 1

)

select * from final
