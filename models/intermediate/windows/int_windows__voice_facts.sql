-- what customers said of themselves or were met for: surveys, sentiments, touchpoints
with

answers as (

    select
        account_id,
        survey_type,
        {{ day_number('responded_at') }} as responded_day,
        {{ exact('score') }} as score,
        -- an answer without a user is a respondent of its own
        lead({{ day_number('responded_at') }}, 1, {{ never() }}) over (
            partition by account_id, survey_type, coalesce('user ' || user_id, 'response ' || response_id)
            order by responded_at, response_id
        ) as next_answer_day
    from {{ ref('stg_surveys__survey_responses') }}

),

conversations as (

    select
        account_id,
        {{ day_number('started_at') }} as started_day,
        {{ exact('sentiment') }} as sentiment
    from {{ ref('stg_support__conversations') }}
    where sentiment is not null

),

touchpoints as (

    select
        account_id,
        {{ day_number('occurred_at') }} as occurred_day,
        coalesce(includes_executive, false) as includes_executive,
        lead({{ day_number('occurred_at') }}, 1, {{ never() }}) over (
            partition by account_id order by occurred_at, touchpoint_id
        ) as next_touchpoint_day
    from {{ ref('stg_crm__touchpoints') }}

),

final as (

    select
        account_id,
        'csat_responses_90d' as measure,
        responded_day as counts_from_day,
        responded_day + 90 as counts_until_day,
        {{ exact('1') }} as amount
    from answers
    where survey_type = 'csat'
    union all
    select account_id, 'csat_score_sum_90d', responded_day, responded_day + 90, score from answers
    where survey_type = 'csat'
    union all
    select account_id, 'nps_respondents_90d', responded_day, least(responded_day + 90, next_answer_day), 1
    from answers
    where survey_type = 'nps'
    union all
    select account_id, 'nps_score_sum_90d', responded_day, least(responded_day + 90, next_answer_day), score
    from answers
    where survey_type = 'nps'
    union all
    select account_id, 'voices_90d', responded_day, responded_day + 90, 1 from answers
    union all
    select account_id, 'sentiments_30d', started_day, started_day + 30, 1 from conversations
    union all
    select account_id, 'sentiments_90d', started_day, started_day + 90, 1 from conversations
    union all
    select account_id, 'sentiment_sum_30d', started_day, started_day + 30, sentiment from conversations
    union all
    select account_id, 'sentiment_sum_90d', started_day, started_day + 90, sentiment from conversations
    union all
    select account_id, 'voices_90d', occurred_day, occurred_day + 90, 1 from touchpoints
    union all
    select account_id, 'touchpoints_90d', occurred_day, occurred_day + 90, 1 from touchpoints
    union all
    select account_id, 'executive_touchpoints_90d', occurred_day, occurred_day + 90, 1 from touchpoints
    where includes_executive
    union all
    select account_id, 'last_touchpoint_day', occurred_day, next_touchpoint_day, occurred_day from touchpoints
    union all
    select account_id, 'touchpoints_ever', occurred_day, {{ never() }}, 1 from touchpoints
    union all
    select account_id, 'voices_90d', {{ day_number('created_at') }}, {{ day_number('created_at') }} + 90, 1
    from {{ ref('stg_support__tickets') }}
    union all
    select account_id, 'voices_90d', {{ day_number('started_at') }}, {{ day_number('started_at') }} + 90, 1
    from {{ ref('stg_support__conversations') }}

)

select * from final
