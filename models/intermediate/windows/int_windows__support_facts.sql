-- least and greatest never see a null here: a day that never comes stands for it
with

contacts as (

    select
        contacts.account_id,
        contacts.contact_day,
        least(contacts.contact_until_day, contacts.contact_day + 30) as leaves_30d,
        least(contacts.contact_until_day, contacts.contact_day + 90) as leaves_90d,
        coalesce(contacts.topic_from_day, {{ never() }}) as topic_from_day,
        coalesce(contacts.escalated_from_day, {{ never() }}) as escalated_from_day,
        contacts.contact_type,
        contacts.resolution_outcome,
        coalesce(stints.ends_day, contacts.contact_day) as tenure_ends_day
    from {{ ref('int_activity__contacts') }} as contacts
    left join {{ ref('int_activity__account_stints') }} as stints
        on
            contacts.account_id = stints.account_id
            and contacts.contact_day >= stints.starts_day
            and contacts.contact_day < stints.ends_day

),

solved_tickets as (

    select
        tickets.account_id,
        greatest(tickets.contact_day, tickets.solved_day) as known_from_day,
        tickets.solved_day + 90 as leaves_90d,
        tickets.agent_reply_count,
        least(
            coalesce(tickets.reopened_day, {{ never() }}),
            coalesce(contacts.escalated_from_day, {{ never() }}),
            tickets.solved_day + 90
        ) as first_contact_until_day
    from {{ ref('int_activity__ticket_contacts') }} as tickets
    inner join {{ ref('int_activity__contacts') }} as contacts
        on
            tickets.contact_id = contacts.contact_id
            and contacts.contact_type = 'ticket'
    where
        tickets.solved_day is not null
        and tickets.agent_reply_count is not null

),

conversation_outcomes as (

    select
        account_id,
        contact_day,
        leaves_90d,
        resolution_outcome = 'resolved' and escalated_from_day = {{ never() }} as is_resolved
    from contacts
    where
        contact_type = 'conversation'
        and resolution_outcome is not null

),

final as (

    select
        account_id,
        'contacts_30d' as measure,
        contact_day as counts_from_day,
        leaves_30d as counts_until_day,
        1 as amount
    from contacts
    union all
    select account_id, 'contacts_90d', contact_day, leaves_90d, 1 from contacts
    union all
    select account_id, 'tenure_contacts_90d', contact_day, least(leaves_90d, tenure_ends_day), 1 from contacts
    union all
    select account_id, 'escalated_contacts_90d', escalated_from_day, leaves_90d, 1 from contacts
    union all
    select account_id, 'topic_contacts_90d', topic_from_day, leaves_90d, 1 from contacts
    union all
    select account_id, 'repeat_contacts_90d', counts_from_day, least(counts_until_day, contact_day + 90), 1
    from {{ ref('int_activity__repeat_contacts') }}
    union all
    select account_id, 'resolutions_90d', known_from_day, leaves_90d, 1 from solved_tickets
    union all
    select account_id, 'first_contact_resolutions_90d', known_from_day, first_contact_until_day, 1 from solved_tickets
    where agent_reply_count <= 1
    union all
    select account_id, 'resolutions_90d', contact_day, leaves_90d, 1 from conversation_outcomes
    union all
    select account_id, 'first_contact_resolutions_90d', contact_day, leaves_90d, 1 from conversation_outcomes
    where is_resolved
    union all
    select account_id, 'intent_contacts_90d', greatest(counts_from_day, intent_from_day), counts_until_day, 1
    from {{ ref('int_activity__contact_activity') }}
    union all
    select account_id, 'churn_signals_90d', greatest(counts_from_day, churn_signal_from_day), counts_until_day, 1
    from {{ ref('int_activity__contact_activity') }}

)

select * from final
