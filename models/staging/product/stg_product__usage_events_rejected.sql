{{ config(materialized = 'incremental', incremental_strategy = 'replace_event_days') }}

-- Only rows that may be wrong are looked at one by one: accepted events are the delivered ones less these. Of the days in
-- {{ ref('stg_product__usage_event_days') }}
with

suspects as (

    select
        events.*,
        case
            when events.event_id is null then 'missing_key'
            when
                events.account_id is null
                or events.event_name is null
                or (events.occurred_at is null and not events.occurred_at_is_unreadable)
                then 'missing_value'
            when events.occurred_at_is_unreadable then 'unreadable_value'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ ref('stg_product__usage_events_tonight') }} as events
    left join {{ ref('stg_crm__accounts') }} as accounts
        on events.account_id = accounts.account_id
    left join {{ ref('stg_product__usage_event_repeats') }} as repeats
        on {{ hash_64('events.event_id') }} = repeats.event_id_hash
    where
        repeats.event_id_hash is not null
        or accounts.account_id is null
        or events.event_id is null
        or events.event_name is null
        or events.occurred_at is null

),

-- texts are made for these few rows only: fifty million moments are dear to spell out
spelled as (

    select
        *,
        {{ trimmed('cast(occurred_at_delivered as ' ~ dbt.type_string() ~ ')') }} as occurred_at_text,
        {{ trimmed('cast(loaded_at_delivered as ' ~ dbt.type_string() ~ ')') }} as loaded_at_text
    from suspects

),

texts as (

    select
        *,
        {{ row_text(raw_columns('usage_events')) }} as row_text,
        {{ row_json(raw_columns('usage_events')) }} as row_json
    from spelled

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by event_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from texts

),

final as (

    select
        event_day,
        account_id,
        user_id,
        feature_id,
        event_name,
        event_count,
        event_count_is_unreadable,
        event_count_is_out_of_range,
        loaded_at_is_unreadable,
        row_key,
        coalesce(reject_reason, 'superseded') as reject_reason,
        row_json
    from versions
    where
        reject_reason is not null
        or version_number > 1

)

select * from final
