{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_touchpoints.touchpoint_id,
        raw_touchpoints.account_id,
        raw_touchpoints.occurred_at,
        raw_touchpoints.touchpoint_type,
        raw_touchpoints.csm_owner,
        raw_touchpoints.includes_executive,
        raw_touchpoints.loaded_at,
        raw_touchpoints.odd_values,
        raw_touchpoints.row_key,
        raw_touchpoints.row_text,
        raw_touchpoints.row_json,
        case
            when raw_touchpoints.touchpoint_id is null then 'missing_key'
            when
                raw_touchpoints.account_id is null
                or (raw_touchpoints.occurred_at is null and not raw_touchpoints.occurred_at_is_unreadable)
                then 'missing_value'
            when raw_touchpoints.occurred_at_is_unreadable then 'unreadable_value'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ source('raw', 'touchpoints') }} as raw_touchpoints
    left join {{ ref('stg_crm__accounts') }} as accounts
        on raw_touchpoints.account_id = accounts.account_id

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by touchpoint_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        touchpoint_id,
        account_id,
        occurred_at,
        touchpoint_type,
        csm_owner,
        includes_executive,
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
