{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_contracts.contract_id,
        raw_contracts.account_id,
        raw_contracts.start_date,
        raw_contracts.end_date,
        raw_contracts.seats,
        raw_contracts.annual_value,
        raw_contracts.plan,
        raw_contracts.currency,
        raw_contracts.cancelled_at,
        raw_contracts.loaded_at,
        raw_contracts.odd_values,
        raw_contracts.row_key,
        raw_contracts.row_text,
        raw_contracts.row_json,
        case
            when raw_contracts.contract_id is null then 'missing_key'
            when
                raw_contracts.account_id is null
                or (raw_contracts.start_date is null and not raw_contracts.start_date_is_unreadable)
                then 'missing_value'
            when
                raw_contracts.start_date_is_unreadable
                or raw_contracts.end_date_is_unreadable
                or raw_contracts.cancelled_at_is_unreadable
                then 'unreadable_value'
            when raw_contracts.end_date < raw_contracts.start_date then 'end_before_start'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ source('raw', 'contracts') }} as raw_contracts
    left join {{ ref('stg_crm__accounts') }} as accounts
        on raw_contracts.account_id = accounts.account_id

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by contract_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        contract_id,
        account_id,
        start_date,
        end_date,
        seats,
        annual_value,
        plan,
        currency,
        cancelled_at,
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
