{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_churn_events.account_id,
        raw_churn_events.churned_on,
        raw_churn_events.reactivated_on,
        raw_churn_events.reason,
        raw_churn_events.loaded_at,
        raw_churn_events.odd_values,
        raw_churn_events.row_key,
        raw_churn_events.row_text,
        raw_churn_events.row_json,
        case
            when
                raw_churn_events.account_id is null
                or (raw_churn_events.churned_on is null and not raw_churn_events.churned_on_is_unreadable)
                then 'missing_key'
            when
                raw_churn_events.churned_on_is_unreadable
                or raw_churn_events.reactivated_on_is_unreadable
                then 'unreadable_value'
            when raw_churn_events.reactivated_on < raw_churn_events.churned_on then 'end_before_start'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ source('raw', 'churn_events') }} as raw_churn_events
    left join {{ ref('stg_crm__accounts') }} as accounts
        on raw_churn_events.account_id = accounts.account_id

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by account_id, churned_on, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        account_id,
        churned_on,
        reactivated_on,
        reason,
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
