-- optional values that were delivered and could not be used: the row stays, the value is null
with

small_tables as (

    select
        source_table,
        row_key,
        odd_value
    from {{ with_parts(ref('int_checks__rows'), 'odd_values', ';', 'odd_value') }}
    where
        reject_reason is null
        and odd_values is not null

),

user_days as (

    select
        account_id || '|' || coalesce(user_id, '') as row_key,
        unreadable_event_counts,
        out_of_range_event_counts,
        unreadable_loaded_ats
    from {{ ref('int_activity__user_days') }}

),

final as (

    select
        source_table,
        {{ part('odd_value', ':', 1) }} as column_name,
        {{ part('odd_value', ':', 2) }} as warning,
        row_key,
        1 as row_count
    from small_tables
    where odd_value <> ''
    union all
    select 'usage_events', 'event_count', 'unreadable_value', row_key, unreadable_event_counts
    from user_days
    where unreadable_event_counts > 0
    union all
    select 'usage_events', 'event_count', 'out_of_range', row_key, out_of_range_event_counts
    from user_days
    where out_of_range_event_counts > 0
    union all
    select 'usage_events', 'loaded_at', 'unreadable_value', row_key, unreadable_loaded_ats
    from user_days
    where unreadable_loaded_ats > 0

)

select * from final
