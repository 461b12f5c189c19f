with

facts as (

    select
        accounts.account_id,
        accounts.as_of_day,
        accounts.tenure_days,
        accounts.counted_days,
        accounts.seats,
        support.contacts_30d,
        support.contacts_90d,
        support.contacts_90d - support.contacts_30d as earlier_contacts,
        support.tenure_contacts_90d,
        support.escalated_contacts_90d,
        support.topic_contacts_90d,
        support.repeat_contacts_90d,
        support.resolutions_90d,
        support.first_contact_resolutions_90d,
        support.intent_contacts_90d,
        support.churn_signals_90d,
        voice.csat_responses_90d,
        voice.csat_score_sum_90d,
        voice.sentiments_30d,
        voice.sentiments_90d,
        voice.sentiments_90d - voice.sentiments_30d as earlier_sentiments,
        voice.sentiment_sum_30d,
        voice.sentiment_sum_90d,
        voice.sentiment_sum_90d - voice.sentiment_sum_30d as earlier_sentiment_sum
    from {{ ref('int_windows__accounts') }} as accounts
    inner join {{ ref('int_windows__support') }} as support
        on
            accounts.account_id = support.account_id
            and accounts.as_of_day = support.as_of_day
    inner join {{ ref('int_windows__voice') }} as voice
        on
            accounts.account_id = voice.account_id
            and accounts.as_of_day = voice.as_of_day

),

final as (

    select
        account_id,
        as_of_day,
        {{ safe_divide('csat_score_sum_90d', 'csat_responses_90d') }} as csat_average,
        csat_responses_90d as csat_average_evidence,
        {{ safe_divide('tenure_contacts_90d * 30', 'seats * counted_days') }} as contact_rate,
        tenure_contacts_90d as contact_rate_evidence,
        -- (recent + 1) / (earlier / 2 + 1) with one division
        case
            when tenure_days >= 90 and contacts_90d > 0
                then {{ safe_divide('(contacts_30d + 1) * 2', 'earlier_contacts + 2') }}
        end as contact_trend_ratio,
        contacts_90d as contact_trend_ratio_evidence,
        {{ safe_divide('escalated_contacts_90d', 'contacts_90d') }} as escalation_rate,
        contacts_90d as escalation_rate_evidence,
        {{ safe_divide('first_contact_resolutions_90d', 'resolutions_90d') }} as first_contact_resolution_rate,
        resolutions_90d as first_contact_resolution_rate_evidence,
        {{ safe_divide('repeat_contacts_90d', 'topic_contacts_90d') }} as repeat_contact_rate,
        topic_contacts_90d as repeat_contact_rate_evidence,
        case when intent_contacts_90d > 0 then churn_signals_90d end as churn_signal_count,
        intent_contacts_90d as churn_signal_count_evidence,
        {{ safe_divide('sentiment_sum_90d', 'sentiments_90d') }} as sentiment_average,
        sentiments_90d as sentiment_average_evidence,
        {{ safe_divide('sentiment_sum_30d', 'sentiments_30d') }}
        - {{ safe_divide('earlier_sentiment_sum', 'earlier_sentiments') }} as sentiment_change,
        sentiments_90d as sentiment_change_evidence
    from facts

)

select * from final
