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

-- two ids may share a hash
repeated_ids as (

    select events.event_id
    from {{ ref('stg_product__usage_events_checked') }} as events
    inner join repeated_hashes
        on {{ hash_64('events.event_id') }} = repeated_hashes.event_id_hash
    where events.reject_reason is null
    group by events.event_id
    having count(*) > 1

),

versions as (

    select events.*
    from {{ ref('stg_product__usage_events_checked') }} as events
    inner join repeated_ids
        on events.event_id = repeated_ids.event_id
    where events.reject_reason is null

),

-- the texts are put together for these few rows only
texts as (

    select
        *,
        {{ row_text(raw_columns('usage_events')) }} as row_text,
        {{ row_json(raw_columns('usage_events')) }} as row_json
    from versions

),

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
        row_number() over (
            partition by event_id
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from texts

)

select * from final
