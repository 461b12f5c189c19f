-- each day on which a contact or one of its conversations took place, until the next such day or 90 days
-- later: of these stretches at most one holds at any date, so their sum counts a contact once
with

contacts as (

    select
        account_id,
        contact_type,
        contact_id,
        contact_day,
        contact_until_day,
        coalesce(intent_from_day, {{ never() }}) as intent_from_day,
        coalesce(churn_signal_from_day, {{ never() }}) as churn_signal_from_day
    from {{ ref('int_activity__contacts') }}

),

active_days as (

    select contact_type, contact_id, contact_day as active_day
    from contacts
    union
    select 'ticket' as contact_type, contacts.contact_id, {{ day_number('conversations.started_at') }} as active_day
    from {{ ref('stg_support__conversations') }} as conversations
    inner join contacts
        on
            conversations.ticket_id = contacts.contact_id
            and conversations.account_id = contacts.account_id
            and contacts.contact_type = 'ticket'
    where {{ day_number('conversations.started_at') }} > contacts.contact_day

),

stretches as (

    select
        contact_type,
        contact_id,
        active_day,
        lead(active_day, 1, {{ never() }}) over (
            partition by contact_type, contact_id order by active_day
        ) as next_active_day
    from active_days

),

final as (

    select
        contacts.account_id,
        contacts.contact_type,
        contacts.contact_id,
        stretches.active_day as counts_from_day,
        least(stretches.active_day + 90, stretches.next_active_day, contacts.contact_until_day) as counts_until_day,
        contacts.intent_from_day,
        contacts.churn_signal_from_day
    from stretches
    inner join contacts
        on
            stretches.contact_type = contacts.contact_type
            and stretches.contact_id = contacts.contact_id

)

select * from final
