-- measure names are columns here; a new measure is one line in each of the three lists
with

changes as (

    select
        account_id,
        as_of_day,
        sum(case when measure = 'csat_responses_90d' then change else 0 end) as csat_responses_90d,
        sum(case when measure = 'csat_score_sum_90d' then change else 0 end) as csat_score_sum_90d,
        sum(case when measure = 'nps_respondents_90d' then change else 0 end) as nps_respondents_90d,
        sum(case when measure = 'nps_score_sum_90d' then change else 0 end) as nps_score_sum_90d,
        sum(case when measure = 'sentiments_30d' then change else 0 end) as sentiments_30d,
        sum(case when measure = 'sentiments_90d' then change else 0 end) as sentiments_90d,
        sum(case when measure = 'sentiment_sum_30d' then change else 0 end) as sentiment_sum_30d,
        sum(case when measure = 'sentiment_sum_90d' then change else 0 end) as sentiment_sum_90d,
        sum(case when measure = 'voices_90d' then change else 0 end) as voices_90d,
        sum(case when measure = 'touchpoints_90d' then change else 0 end) as touchpoints_90d,
        sum(case when measure = 'executive_touchpoints_90d' then change else 0 end) as executive_touchpoints_90d,
        sum(case when measure = 'touchpoints_ever' then change else 0 end) as touchpoints_ever,
        sum(case when measure = 'last_touchpoint_day' then change else 0 end) as last_touchpoint_day
    from {{ ref('int_windows__changes') }}
    where domain = 'voice'
    group by account_id, as_of_day

),

totals as (

    select
        days.account_id,
        days.as_of_day,
        sum(coalesce(changes.csat_responses_90d, 0)) over account_so_far as csat_responses_90d,
        sum(coalesce(changes.csat_score_sum_90d, 0)) over account_so_far as csat_score_sum_90d,
        sum(coalesce(changes.nps_respondents_90d, 0)) over account_so_far as nps_respondents_90d,
        sum(coalesce(changes.nps_score_sum_90d, 0)) over account_so_far as nps_score_sum_90d,
        sum(coalesce(changes.sentiments_30d, 0)) over account_so_far as sentiments_30d,
        sum(coalesce(changes.sentiments_90d, 0)) over account_so_far as sentiments_90d,
        sum(coalesce(changes.sentiment_sum_30d, 0)) over account_so_far as sentiment_sum_30d,
        sum(coalesce(changes.sentiment_sum_90d, 0)) over account_so_far as sentiment_sum_90d,
        sum(coalesce(changes.voices_90d, 0)) over account_so_far as voices_90d,
        sum(coalesce(changes.touchpoints_90d, 0)) over account_so_far as touchpoints_90d,
        sum(coalesce(changes.executive_touchpoints_90d, 0)) over account_so_far as executive_touchpoints_90d,
        sum(coalesce(changes.touchpoints_ever, 0)) over account_so_far as touchpoints_ever,
        sum(coalesce(changes.last_touchpoint_day, 0)) over account_so_far as last_touchpoint_day
    from {{ ref('int_windows__account_days') }} as days
    left join changes
        on
            days.account_id = changes.account_id
            and days.as_of_day = changes.as_of_day
    window account_so_far as (
        partition by days.account_id order by days.as_of_day rows unbounded preceding
    )

),

final as (

    select
        account_id,
        as_of_day,
        cast(csat_responses_90d as {{ type_double() }}) as csat_responses_90d,
        cast(csat_score_sum_90d as {{ type_double() }}) as csat_score_sum_90d,
        cast(nps_respondents_90d as {{ type_double() }}) as nps_respondents_90d,
        cast(nps_score_sum_90d as {{ type_double() }}) as nps_score_sum_90d,
        cast(sentiments_30d as {{ type_double() }}) as sentiments_30d,
        cast(sentiments_90d as {{ type_double() }}) as sentiments_90d,
        cast(sentiment_sum_30d as {{ type_double() }}) as sentiment_sum_30d,
        cast(sentiment_sum_90d as {{ type_double() }}) as sentiment_sum_90d,
        cast(voices_90d as {{ type_double() }}) as voices_90d,
        cast(touchpoints_90d as {{ type_double() }}) as touchpoints_90d,
        cast(executive_touchpoints_90d as {{ type_double() }}) as executive_touchpoints_90d,
        cast(touchpoints_ever as {{ type_double() }}) as touchpoints_ever,
        cast(last_touchpoint_day as {{ type_double() }}) as last_touchpoint_day
    from totals

)

select * from final
