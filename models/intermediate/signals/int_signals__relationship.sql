with

facts as (

    select
        accounts.account_id,
        accounts.as_of_day,
        voice.nps_respondents_90d,
        voice.nps_score_sum_90d,
        voice.touchpoints_90d,
        voice.executive_touchpoints_90d,
        voice.touchpoints_ever,
        voice.last_touchpoint_day
    from {{ ref('int_windows__accounts') }} as accounts
    inner join {{ ref('int_windows__voice') }} as voice
        on
            accounts.account_id = voice.account_id
            and accounts.as_of_day = voice.as_of_day

),

final as (

    select
        account_id,
        as_of_day,
        {{ safe_divide('nps_score_sum_90d', 'nps_respondents_90d') }} as nps_average,
        nps_respondents_90d as nps_average_evidence,
        {{ safe_divide('nps_score_sum_90d', 'nps_respondents_90d') }} as nps_category,
        nps_respondents_90d as nps_category_evidence,
        case when touchpoints_ever > 0 then executive_touchpoints_90d end as executive_touchpoints,
        touchpoints_90d as executive_touchpoints_evidence,
        case when touchpoints_ever > 0 then as_of_day - last_touchpoint_day end as days_since_touchpoint,
        case when touchpoints_ever > 0 then 1 else 0 end as days_since_touchpoint_evidence
    from facts

)

select * from final
