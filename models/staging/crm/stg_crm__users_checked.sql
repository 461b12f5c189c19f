{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_users.user_id,
        raw_users.account_id,
        raw_users.created_at,
        raw_users.role,
        raw_users.is_executive,
        raw_users.deactivated_at,
        raw_users.loaded_at,
        raw_users.odd_values,
        raw_users.row_key,
        raw_users.row_text,
        raw_users.row_json,
        case
            when raw_users.user_id is null then 'missing_key'
            when
                raw_users.account_id is null
                or (raw_users.created_at is null and not raw_users.created_at_is_unreadable)
                then 'missing_value'
            when raw_users.created_at_is_unreadable then 'unreadable_value'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ source('raw', 'users') }} as raw_users
    left join {{ ref('stg_crm__accounts') }} as accounts
        on raw_users.account_id = accounts.account_id

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by user_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        user_id,
        account_id,
        created_at,
        role,
        is_executive,
        deactivated_at,
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
