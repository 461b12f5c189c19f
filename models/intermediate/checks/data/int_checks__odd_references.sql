-- accepted rows that name what nothing else knows
with

users as (

    select user_id
    from {{ ref('stg_crm__users') }}

),

-- without a users table nobody is unknown
any_user as (

    select count(*) as users from users

),

mentions as (

    select
        'usage_events' as source_table,
        'user_id' as column_name,
        user_id,
        account_id,
        cast(null as {{ dbt.type_string() }}) as row_key,
        event_rows as row_count
    from {{ ref('int_activity__user_days') }}
    union all
    select 'tickets', 'requester_user_id', requester_user_id, account_id, row_key, 1
    from {{ ref('stg_support__tickets_checked') }}
    where reject_reason is null
    union all
    select 'survey_responses', 'user_id', user_id, account_id, row_key, 1
    from {{ ref('stg_surveys__survey_responses_checked') }}
    where reject_reason is null

),

final as (

    select
        mentions.source_table,
        mentions.column_name,
        'unknown_user' as warning,
        -- put together for the few that are unknown
        coalesce(mentions.row_key, mentions.account_id || '|' || mentions.user_id) as row_key,
        mentions.row_count
    from mentions
    cross join any_user
    left join users
        on mentions.user_id = users.user_id
    where
        mentions.user_id is not null
        and users.user_id is null
        and any_user.users > 0
    union all
    select 'survey_responses', 'survey_type', 'unknown_survey_type', row_key, 1
    from {{ ref('stg_surveys__survey_responses_checked') }}
    where
        reject_reason is null
        and survey_type not in ('csat', 'nps')
    union all
    select 'conversations', 'resolution_outcome', 'unknown_outcome', row_key, 1
    from {{ ref('stg_support__conversations_checked') }}
    where
        reject_reason is null
        and resolution_outcome <> 'resolved'

)

select * from final
