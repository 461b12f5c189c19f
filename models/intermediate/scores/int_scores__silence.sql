-- silent: no word in 90 days from a customer who could have been heard
with

-- until a company has listened for 90 days, everybody looks silent; a retired feed listens no more
voice_feeds as (

    select
        as_of_day,
        min(oldest_day) as first_voice_day
    from {{ ref('int_scores__streams') }}
    where
        stream in (
            'tickets', 'conversations', 'csat_responses', 'nps_responses', 'other_responses', 'touchpoints'
        )
    group by as_of_day

),

-- a feed that broke is not a customer who fell silent
stale_days as (

    select distinct as_of_day
    from {{ ref('int_scores__streams') }}
    where
        is_stale
        and stream in ('tickets', 'conversations', 'touchpoints')

),

final as (

    select
        accounts.account_id,
        accounts.as_of_day,
        coalesce(
            accounts.voices_90d = 0
            and accounts.tenure_days >= 90
            and stale_days.as_of_day is null
            and voice_feeds.first_voice_day <= accounts.as_of_day - 89,
            false
        ) as is_silent
    from {{ ref('int_scores__inputs') }} as accounts
    left join voice_feeds
        on accounts.as_of_day = voice_feeds.as_of_day
    left join stale_days
        on accounts.as_of_day = stale_days.as_of_day

)

select * from final
