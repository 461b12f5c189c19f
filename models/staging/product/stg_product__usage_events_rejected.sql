{{ config(materialized = 'incremental', incremental_strategy = 'replace_event_days') }}

-- Only rows that may be wrong are looked at one by one: accepted events are the delivered ones less these. Of the days in
-- {{ ref('stg_product__usage_event_days') }}
with

looked_up as (

    select
        *,
        account_id in (select accounts.account_id from {{ ref('stg_crm__accounts') }} as accounts) as is_known_account,
        {{ hash_64('event_id') }} in (
            select repeats.event_id_hash from {{ ref('stg_product__usage_event_repeats') }} as repeats
        ) as may_be_repeated
    from {{ ref('stg_product__usage_events_tonight') }}

),

suspects as (

    select
        *,
        case
            when event_id is null then 'missing_key'
            when
                account_id is null
                or event_name is null
                or (occurred_at is null and not occurred_at_is_unreadable)
                then 'missing_value'
            when occurred_at_is_unreadable then 'unreadable_value'
            when not is_known_account then 'unknown_account'
        end as reject_reason
    from looked_up
    where
        may_be_repeated
        or not is_known_account
        or account_id is null
        or event_id is null
        or event_name is null
        or occurred_at is null

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
