{{ config(materialized = 'table') }}

-- Which event days this run reads again, whole: the last ones, because rows may have been corrected or deleted; older
-- ones where rows arrived since the last run, or whose account is known by now.
with

stored as (

    select max({{ day_number('as_of_date') }}) as last_day
    from {{ ref('run__stored_dates') }}

),

run_dates as (

    select
        min(as_of_day) as first_day,
        max(as_of_day) as last_day
    from {{ ref('run__as_of_dates') }}

),

last_load as (

    select
        newest_loaded_at,
        -- a stored moment may be in another time zone
        {{ date_from_day(day_number('newest_loaded_at') ~ ' - 2') }} as surely_read_until
    from {{ left_by_last_full_read('int_activity__event_loads', {'newest_loaded_at': dbt.type_timestamp()}) }}
    where newest_loaded_at is not null

),

has_read as (

    select count(*) as reads
    from {{ left_by_last_full_read('int_activity__event_loads', {'newest_loaded_at': dbt.type_timestamp()}) }}

),

reread as (

    select
        case
            when has_read.reads = 0 then {{ since_ever() }}
            -- further back than any night would go: somebody asked for it, and wants all that these dates look at
            when run_dates.first_day < stored.last_day - {{ var('restate_days') }} then run_dates.first_day - 90
            else run_dates.first_day - {{ var('correction_days') }}
        end as from_day,
        case
            when has_read.reads > 0 and run_dates.last_day < stored.last_day then run_dates.last_day + 1
            else {{ never() }}
        end as until_day
    from run_dates
    cross join stored
    cross join has_read

),

-- the condition on the stored column lets files without a new row be skipped
late_days as (

    select events.event_day
    from {{ ref('stg_product__usage_events_delivered') }} as events
    cross join last_load
    where
        (
            events.loaded_at_stored is null
            or events.loaded_at_stored > (select loads.surely_read_until from last_load as loads)
        )
        and events.loaded_at > last_load.newest_loaded_at
    union
    select rejected.event_day
    from {{ left_by_last_full_read(
        'stg_product__usage_events_rejected',
        {'event_day': 'integer', 'account_id': dbt.type_string(), 'reject_reason': dbt.type_string()}, 'staging'
    ) }} as rejected
    inner join {{ ref('stg_crm__accounts') }} as accounts
        on rejected.account_id = accounts.account_id
    where rejected.reject_reason = 'unknown_account'

),

final as (

    select
        from_day,
        until_day,
        false as is_single_day
    from reread
    union all
    select
        late_days.event_day,
        late_days.event_day + 1,
        true as is_single_day
    from late_days
    cross join reread
    where
        late_days.event_day < reread.from_day
        or late_days.event_day >= reread.until_day

)

select * from final
