{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_event_days',
        on_schema_change = 'append_new_columns'
    )
}}

-- Only rows that may be wrong are looked at one by one: accepted events are the delivered ones less these. Of the days
-- in {{ ref('stg_product__usage_event_days') }}
with

{% if is_incremental() %}

-- The version that won lies on a day that this run does not read: without it a loser of a day that is read would count
-- again.
winners_elsewhere as (

    select distinct
        stored.event_id,
        stored.winner_day,
        stored.winner_loaded_at,
        stored.winner_text,
        stored.winner_json
    from {{ this }} as stored
    left join {{ ref('stg_product__usage_event_days') }} as days
        on
            stored.winner_day >= days.from_day
            and stored.winner_day < days.until_day
    where
        stored.reject_reason = 'superseded'
        and days.from_day is null

),

{% endif %}

looked_up as (

    select
        *,
        -- never null: for `not in` with nulls, Spark compares every event with every account
        coalesce(
            account_id in (select accounts.account_id from {{ ref('stg_crm__accounts') }} as accounts), false
        ) as is_known_account,
        {{ hash_64('event_id') }} in (
            select repeats.event_id_hash from {{ ref('stg_product__usage_event_repeats') }} as repeats
        ) as may_be_repeated,
        {% if is_incremental() %}
            event_id in (select winners.event_id from winners_elsewhere as winners) as has_lost_elsewhere
        {% else %}
            false as has_lost_elsewhere
        {% endif %}
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
        or has_lost_elsewhere
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

competing as (

    select
        event_id,
        event_day,
        account_id,
        user_id,
        feature_id,
        event_name,
        event_count,
        event_count_is_unreadable,
        event_count_is_out_of_range,
        loaded_at,
        loaded_at_is_unreadable,
        row_key,
        row_text,
        row_json,
        reject_reason,
        true as is_read
    from texts
    {% if is_incremental() %}
    union all
    select
        event_id,
        winner_day,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        winner_loaded_at,
        null,
        null,
        winner_text,
        winner_json,
        null,
        false
    from winners_elsewhere
    {% endif %}

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over versions_of_event as version_number,
        first_value(event_day) over versions_of_event as winner_day,
        first_value(loaded_at) over versions_of_event as winner_loaded_at,
        first_value(row_text) over versions_of_event as winner_text,
        first_value(row_json) over versions_of_event as winner_json
    from competing
    window versions_of_event as (
        partition by event_id, reject_reason
        order by loaded_at desc nulls last, row_text desc, row_json desc
    )

),

final as (

    select
        event_day,
        event_id,
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
        row_json,
        case when reject_reason is null then winner_day end as winner_day,
        case when reject_reason is null then winner_loaded_at end as winner_loaded_at,
        case when reject_reason is null then winner_text end as winner_text,
        case when reject_reason is null then winner_json end as winner_json
    from versions
    where
        is_read
        and (
            reject_reason is not null
            or version_number > 1
        )

)

select * from final
