-- oldest and newest row of each evidence stream as seen on a date, and whether the feed is stale
with

freshness as (

    select
        stream,
        stale_after_days,
        {{ day_number('ended_on') }} as ended_day
    from {{ ref('int_config__source_freshness') }}

),

-- a retired feed ends its rows in every stream cut from it
stream_rows as (

    select
        stream_days.stream,
        stream_days.source_table,
        stream_days.dated_day,
        stream_days.visible_until_day,
        least(
            coalesce(own.ended_day, {{ never() }}),
            coalesce(feed.ended_day, {{ never() }})
        ) as ended_day
    from {{ ref('int_activity__stream_days') }} as stream_days
    left join freshness as own
        on stream_days.stream = own.stream
    left join freshness as feed
        on
            stream_days.source_table = feed.stream
            and feed.stream in ('usage_events', 'tickets', 'conversations')

),

seen as (

    select
        as_of_dates.as_of_day,
        stream_rows.stream,
        min(stream_rows.dated_day) as oldest_day,
        max(stream_rows.dated_day) as newest_day
    from {{ ref('int_scores__dates') }} as as_of_dates
    inner join stream_rows
        on
            as_of_dates.as_of_day >= stream_rows.dated_day
            and as_of_dates.as_of_day < stream_rows.visible_until_day
            and as_of_dates.as_of_day <= stream_rows.ended_day
    group by as_of_dates.as_of_day, stream_rows.stream

),

own_staleness as (

    select
        seen.as_of_day,
        seen.stream,
        seen.oldest_day,
        seen.newest_day,
        coalesce(seen.as_of_day - seen.newest_day > freshness.stale_after_days, false) as is_stale_itself
    from seen
    left join freshness
        on seen.stream = freshness.stream

),

cut_from as (

    select 'usage_events' as feed, 'usage_events' as stream
    union all
    select 'usage_events', 'logins'
    union all
    select 'usage_events', 'user_events'
    union all
    select 'usage_events', 'feature_events'
    union all
    select 'tickets', 'tickets'
    union all
    select 'tickets', 'escalations'
    union all
    select 'tickets', 'contact_topics'
    union all
    select 'tickets', 'contact_intents'
    union all
    select 'conversations', 'conversations'
    union all
    select 'conversations', 'escalations'
    union all
    select 'conversations', 'contact_topics'
    union all
    select 'conversations', 'contact_intents'
    union all
    select 'conversations', 'sentiments'

),

-- when a feed breaks, so does everything that is cut from it
stale_feeds as (

    select distinct
        cut_from.stream,
        own_staleness.as_of_day
    from cut_from
    inner join own_staleness
        on cut_from.feed = own_staleness.stream
    where own_staleness.is_stale_itself

),

final as (

    select
        own_staleness.as_of_day,
        own_staleness.stream,
        own_staleness.oldest_day,
        own_staleness.newest_day,
        own_staleness.is_stale_itself or stale_feeds.stream is not null as is_stale,
        freshness.stream is not null as is_watched
    from own_staleness
    left join stale_feeds
        on
            own_staleness.stream = stale_feeds.stream
            and own_staleness.as_of_day = stale_feeds.as_of_day
    left join freshness
        on own_staleness.stream = freshness.stream

)

select * from final
