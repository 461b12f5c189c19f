with

repeated_ids as (

    select distinct event_id
    from {{ ref('stg_product__usage_event_versions') }}

),

delivered_once as (

    select
        events.event_id,
        events.account_id,
        events.event_name,
        events.occurred_at,
        events.user_id,
        events.feature_id,
        events.event_count,
        events.event_count_is_unreadable,
        events.event_count_is_out_of_range,
        events.loaded_at_is_unreadable
    from {{ ref('stg_product__usage_events_checked') }} as events
    left join repeated_ids
        on events.event_id = repeated_ids.event_id
    where
        events.reject_reason is null
        and repeated_ids.event_id is null

),

newest_versions as (

    select
        event_id,
        account_id,
        event_name,
        occurred_at,
        user_id,
        feature_id,
        event_count,
        event_count_is_unreadable,
        event_count_is_out_of_range,
        loaded_at_is_unreadable
    from {{ ref('stg_product__usage_event_versions') }}
    where version_number = 1

)

select * from delivered_once
union all
select * from newest_versions
