{{ config(materialized = 'table') }}

with

-- 64-bit hashes find the few ids that may be delivered twice at a fifth of the price of a sort
repeated_hashes as (

    select {{ hash_64('event_id') }} as event_id_hash
    from {{ ref('stg_product__usage_events_checked') }}
    where reject_reason is null
    group by {{ hash_64('event_id') }}
    having count(*) > 1

),

candidates as (

    select
        events.event_id,
        events.account_id,
        events.event_name,
        events.occurred_at,
        events.user_id,
        events.feature_id,
        events.event_count,
        events.loaded_at,
        events.event_count_is_unreadable,
        events.event_count_is_out_of_range,
        events.loaded_at_is_unreadable,
        events.row_key,
        events.row_json,
        row_number() over (
            partition by events.event_id
            order by events.loaded_at desc nulls last, events.row_text desc
        ) as version_number,
        count(*) over (partition by events.event_id) as versions
    from {{ ref('stg_product__usage_events_checked') }} as events
    inner join repeated_hashes
        on {{ hash_64('events.event_id') }} = repeated_hashes.event_id_hash
    where events.reject_reason is null

),

-- two ids may share a hash
final as (

    select
        event_id,
        account_id,
        event_name,
        occurred_at,
        user_id,
        feature_id,
        event_count,
        loaded_at,
        event_count_is_unreadable,
        event_count_is_out_of_range,
        loaded_at_is_unreadable,
        row_key,
        row_json,
        version_number
    from candidates
    where versions > 1

)

select * from final
