-- `union` keeps a day once: streams only ask for their oldest and newest row
with

conversations as (

    select
        {{ day_number('started_at') }} as started_day,
        sentiment,
        is_escalated
    from {{ ref('stg_support__conversations') }}

),

tickets as (

    select
        contact_day,
        own_escalated_day,
        greatest(contact_day, own_escalated_day) as escalated_day
    from {{ ref('int_activity__ticket_contacts') }}

),

contacts as (

    select
        topic_table,
        topic_from_day,
        intent_table,
        intent_from_day,
        contact_until_day
    from {{ ref('int_activity__contacts') }}

),

final as (

    select
        'tickets' as stream,
        'tickets' as source_table,
        contact_day as dated_day,
        {{ never() }} as visible_until_day
    from tickets
    union
    select 'conversations', 'conversations', started_day, {{ never() }}
    from conversations
    union
    select 'escalations', 'tickets', escalated_day, {{ never() }}
    from tickets
    where own_escalated_day is not null
    union
    select 'escalations', 'conversations', started_day, {{ never() }}
    from conversations
    where is_escalated is not null
    union
    select 'sentiments', 'conversations', started_day, {{ never() }}
    from conversations
    where sentiment is not null
    union
    select 'contact_topics', topic_table, topic_from_day, contact_until_day
    from contacts
    where topic_from_day is not null
    union
    select 'contact_intents', intent_table, intent_from_day, contact_until_day
    from contacts
    where intent_from_day is not null

)

select * from final
