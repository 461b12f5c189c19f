{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_tickets.ticket_id,
        raw_tickets.account_id,
        raw_tickets.created_at,
        raw_tickets.requester_user_id,
        raw_tickets.channel,
        raw_tickets.subject,
        raw_tickets.intent,
        raw_tickets.issue_type,
        raw_tickets.priority,
        raw_tickets.solved_at,
        raw_tickets.escalated_at,
        raw_tickets.is_escalated,
        raw_tickets.reopened_at,
        raw_tickets.agent_reply_count,
        raw_tickets.loaded_at,
        raw_tickets.odd_values,
        raw_tickets.row_key,
        raw_tickets.row_text,
        raw_tickets.row_json,
        case
            when raw_tickets.ticket_id is null then 'missing_key'
            when
                raw_tickets.account_id is null
                or (raw_tickets.created_at is null and not raw_tickets.created_at_is_unreadable)
                then 'missing_value'
            when
                raw_tickets.created_at_is_unreadable
                or raw_tickets.solved_at_is_unreadable
                or raw_tickets.escalated_at_is_unreadable
                or raw_tickets.reopened_at_is_unreadable
                then 'unreadable_value'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ source('raw', 'tickets') }} as raw_tickets
    left join {{ ref('stg_crm__accounts') }} as accounts
        on raw_tickets.account_id = accounts.account_id

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by ticket_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        ticket_id,
        account_id,
        created_at,
        requester_user_id,
        channel,
        subject,
        intent,
        issue_type,
        priority,
        solved_at,
        escalated_at,
        is_escalated,
        reopened_at,
        agent_reply_count,
        loaded_at,
        odd_values,
        row_key,
        case
            when reject_reason is null and version_number > 1 then 'superseded'
            else reject_reason
        end as reject_reason,
        -- only a rejected row has to be shown as it was delivered
        case when reject_reason is not null or version_number > 1 then row_json end as row_json
    from versions

)

select * from final
