{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_conversations.conversation_id,
        raw_conversations.account_id,
        raw_conversations.started_at,
        raw_conversations.channel,
        raw_conversations.ticket_id,
        raw_conversations.intent,
        raw_conversations.sentiment,
        raw_conversations.is_escalated,
        raw_conversations.resolution_outcome,
        raw_conversations.loaded_at,
        raw_conversations.odd_values,
        raw_conversations.row_key,
        raw_conversations.row_text,
        raw_conversations.row_json,
        case
            when raw_conversations.conversation_id is null then 'missing_key'
            when
                raw_conversations.account_id is null
                or (raw_conversations.started_at is null and not raw_conversations.started_at_is_unreadable)
                then 'missing_value'
            when raw_conversations.started_at_is_unreadable then 'unreadable_value'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ source('raw', 'conversations') }} as raw_conversations
    left join {{ ref('stg_crm__accounts') }} as accounts
        on raw_conversations.account_id = accounts.account_id

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by conversation_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        conversation_id,
        account_id,
        started_at,
        channel,
        ticket_id,
        intent,
        sentiment,
        is_escalated,
        resolution_outcome,
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
