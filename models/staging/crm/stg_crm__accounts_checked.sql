{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_accounts.account_id,
        raw_accounts.created_at,
        raw_accounts.account_name,
        raw_accounts.segment,
        raw_accounts.customer_since,
        raw_accounts.industry,
        raw_accounts.region,
        raw_accounts.csm_owner,
        raw_accounts.parent_account_id,
        raw_accounts.is_internal,
        raw_accounts.loaded_at,
        raw_accounts.odd_values,
        raw_accounts.row_key,
        raw_accounts.row_text,
        raw_accounts.row_json,
        case
            when raw_accounts.account_id is null then 'missing_key'
            when raw_accounts.created_at is null and not raw_accounts.created_at_is_unreadable then 'missing_value'
            when raw_accounts.created_at_is_unreadable then 'unreadable_value'
        end as reject_reason
    from {{ source('raw', 'accounts') }} as raw_accounts

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by account_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        account_id,
        created_at,
        account_name,
        segment,
        customer_since,
        industry,
        region,
        csm_owner,
        parent_account_id,
        is_internal,
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
