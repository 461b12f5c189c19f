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
        account_id,
        as_of_day,
        sum(csat_responses_90d) over account_so_far as csat_responses_90d,
        sum(csat_score_sum_90d) over account_so_far as csat_score_sum_90d,
        sum(nps_respondents_90d) over account_so_far as nps_respondents_90d,
        sum(nps_score_sum_90d) over account_so_far as nps_score_sum_90d,
        sum(sentiments_30d) over account_so_far as sentiments_30d,
        sum(sentiments_90d) over account_so_far as sentiments_90d,
        sum(sentiment_sum_30d) over account_so_far as sentiment_sum_30d,
        sum(sentiment_sum_90d) over account_so_far as sentiment_sum_90d,
        sum(voices_90d) over account_so_far as voices_90d,
        sum(touchpoints_90d) over account_so_far as touchpoints_90d,
        sum(executive_touchpoints_90d) over account_so_far as executive_touchpoints_90d,
        sum(touchpoints_ever) over account_so_far as touchpoints_ever,
        sum(last_touchpoint_day) over account_so_far as last_touchpoint_day
    from changes
    window account_so_far as (partition by account_id order by as_of_day rows unbounded preceding)

),

-- a total holds until the next change, so each day takes that of its last one
last_changes as (

    select
        days.account_id,
        days.as_of_day,
        max(changes.as_of_day) over (
            partition by days.account_id order by days.as_of_day rows unbounded preceding
        ) as last_change_day
    from {{ ref('int_windows__account_days') }} as days
    left join changes
        on
            days.account_id = changes.account_id
            and days.as_of_day = changes.as_of_day

),

final as (

    select
        last_changes.account_id,
        last_changes.as_of_day,
        cast(coalesce(totals.csat_responses_90d, 0) as {{ type_double() }}) as csat_responses_90d,
        cast(coalesce(totals.csat_score_sum_90d, 0) as {{ type_double() }}) as csat_score_sum_90d,
        cast(coalesce(totals.nps_respondents_90d, 0) as {{ type_double() }}) as nps_respondents_90d,
        cast(coalesce(totals.nps_score_sum_90d, 0) as {{ type_double() }}) as nps_score_sum_90d,
        cast(coalesce(totals.sentiments_30d, 0) as {{ type_double() }}) as sentiments_30d,
        cast(coalesce(totals.sentiments_90d, 0) as {{ type_double() }}) as sentiments_90d,
        cast(coalesce(totals.sentiment_sum_30d, 0) as {{ type_double() }}) as sentiment_sum_30d,
        cast(coalesce(totals.sentiment_sum_90d, 0) as {{ type_double() }}) as sentiment_sum_90d,
        cast(coalesce(totals.voices_90d, 0) as {{ type_double() }}) as voices_90d,
        cast(coalesce(totals.touchpoints_90d, 0) as {{ type_double() }}) as touchpoints_90d,
        cast(coalesce(totals.executive_touchpoints_90d, 0) as {{ type_double() }}) as executive_touchpoints_90d,
        cast(coalesce(totals.touchpoints_ever, 0) as {{ type_double() }}) as touchpoints_ever,
        cast(coalesce(totals.last_touchpoint_day, 0) as {{ type_double() }}) as last_touchpoint_day
    from last_changes
    left join totals
        on
            last_changes.account_id = totals.account_id
            and last_changes.last_change_day = totals.as_of_day

)

select * from final
