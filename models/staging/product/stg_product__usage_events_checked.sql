-- a view, and no row_number: events are too many to be sorted (see stg_product__usage_event_versions)
select
    raw_events.event_id,
    raw_events.account_id,
    raw_events.event_name,
    raw_events.occurred_at,
    raw_events.user_id,
    raw_events.feature_id,
    raw_events.event_count,
    raw_events.loaded_at,
    raw_events.event_count_is_unreadable,
    raw_events.event_count_is_out_of_range,
    raw_events.loaded_at_is_unreadable,
    raw_events.event_id_text,
    raw_events.account_id_text,
    raw_events.event_name_text,
    raw_events.occurred_at_text,
    raw_events.user_id_text,
    raw_events.feature_id_text,
    raw_events.event_count_text,
    raw_events.loaded_at_text,
    raw_events.row_key,
    case
        when raw_events.event_id is null then 'missing_key'
        when
            raw_events.account_id is null
            or raw_events.event_name is null
            or (raw_events.occurred_at is null and not raw_events.occurred_at_is_unreadable)
            then 'missing_value'
        when raw_events.occurred_at_is_unreadable then 'unreadable_value'
        when accounts.account_id is null then 'unknown_account'
    end as reject_reason
from {{ source('raw', 'usage_events') }} as raw_events
left join {{ ref('stg_crm__accounts') }} as accounts
    on raw_events.account_id = accounts.account_id
