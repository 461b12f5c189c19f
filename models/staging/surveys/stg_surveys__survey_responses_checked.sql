{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_survey_responses.response_id,
        raw_survey_responses.account_id,
        raw_survey_responses.survey_type,
        raw_survey_responses.score,
        raw_survey_responses.responded_at,
        raw_survey_responses.user_id,
        raw_survey_responses.ticket_id,
        raw_survey_responses.loaded_at,
        raw_survey_responses.odd_values,
        raw_survey_responses.row_key,
        raw_survey_responses.row_text,
        raw_survey_responses.row_json,
        case
            when raw_survey_responses.response_id is null then 'missing_key'
            when
                raw_survey_responses.account_id is null
                or raw_survey_responses.survey_type is null
                or (raw_survey_responses.score is null and not raw_survey_responses.score_is_unreadable)
                or (raw_survey_responses.responded_at is null and not raw_survey_responses.responded_at_is_unreadable)
                then 'missing_value'
            when
                raw_survey_responses.responded_at_is_unreadable
                or raw_survey_responses.score_is_unreadable
                then 'unreadable_value'
            when
                raw_survey_responses.survey_type = 'csat'
                and (raw_survey_responses.score < 1 or raw_survey_responses.score > 5)
                then 'out_of_range'
            when
                raw_survey_responses.survey_type = 'nps'
                and (raw_survey_responses.score < 0 or raw_survey_responses.score > 10)
                then 'out_of_range'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ source('raw', 'survey_responses') }} as raw_survey_responses
    left join {{ ref('stg_crm__accounts') }} as accounts
        on raw_survey_responses.account_id = accounts.account_id

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by response_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        response_id,
        account_id,
        survey_type,
        score,
        responded_at,
        user_id,
        ticket_id,
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
