with

freshness as (

    select
        stream,
        stale_after_days,
        coalesce({{ day_number('ended_on') }}, {{ never() }}) as ended_day
    from {{ ref('int_config__source_freshness') }}

),

seen as (

    select
        tables.source_table,
        tables.is_delivered,
        tables.as_of_day,
        max(case when days.event_day <= tables.as_of_day then days.event_day end) as newest_event_day,
        max(days.event_day) as newest_row_day,
        max(days.newest_loaded_at) as newest_loaded_at,
        sum(case when days.event_day = tables.as_of_day then days.row_count end) as rows_last_day,
        sum(
            case
                when days.event_day < tables.as_of_day and days.event_day >= tables.as_of_day - 28
                    then days.row_count
            end
        ) as rows_28_days_before
    from {{ ref('int_sources__tables') }} as tables
    left join {{ ref('int_sources__row_days') }} as days
        on tables.source_table = days.source_table
    group by tables.source_table, tables.is_delivered, tables.as_of_day

),

judged as (

    select
        seen.*,
        freshness.stale_after_days,
        coalesce(
            seen.as_of_day - seen.newest_event_day > freshness.stale_after_days
            -- a retired feed is no broken one
            and seen.as_of_day <= freshness.ended_day,
            false
        ) as is_stale
    from seen
    left join freshness
        on seen.source_table = freshness.stream

),

final as (

    select
        judged.source_table,
        {{ date_from_day('judged.as_of_day') }} as as_of_date,
        judged.is_delivered,
        {{ date_from_day('judged.newest_event_day') }} as newest_event_on,
        {{ date_from_day('judged.newest_row_day') }} as newest_row_on,
        judged.newest_loaded_at,
        judged.as_of_day - judged.newest_event_day as age_days,
        judged.stale_after_days,
        judged.is_stale,
        case
            when judged.is_stale
                then {{ date_from_day('judged.newest_event_day + judged.stale_after_days + 1') }}
        end as stale_since,
        cast(coalesce(judged.rows_last_day, 0) as bigint) as rows_last_day,
        {{ published('coalesce(judged.rows_28_days_before, 0) / 28.0', 1) }} as usual_rows_per_day,
        coalesce(counts.rows_accepted, 0) as rows_accepted,
        coalesce(counts.rows_rejected, 0) as rows_rejected,
        coalesce(counts.rows_superseded, 0) as rows_superseded
    from judged
    left join {{ ref('int_checks__row_counts') }} as counts
        on judged.source_table = counts.source_table

)

select * from final
