{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_external_scores.account_id,
        raw_external_scores.scored_on,
        raw_external_scores.system,
        raw_external_scores.score,
        raw_external_scores.loaded_at,
        raw_external_scores.odd_values,
        raw_external_scores.row_key,
        raw_external_scores.row_text,
        raw_external_scores.row_json,
        case
            when
                raw_external_scores.account_id is null
                or (raw_external_scores.scored_on is null and not raw_external_scores.scored_on_is_unreadable)
                or raw_external_scores.system is null
                then 'missing_key'
            when raw_external_scores.score is null and not raw_external_scores.score_is_unreadable then 'missing_value'
            when
                raw_external_scores.scored_on_is_unreadable
                or raw_external_scores.score_is_unreadable
                then 'unreadable_value'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ source('raw', 'external_scores') }} as raw_external_scores
    left join {{ ref('stg_crm__accounts') }} as accounts
        on raw_external_scores.account_id = accounts.account_id

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by account_id, scored_on, system, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        account_id,
        scored_on,
        system,
        score,
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
