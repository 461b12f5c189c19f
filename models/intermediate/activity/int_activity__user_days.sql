-- every daily fact of an account's users in one pass over the events
select
    account_id,
    user_id,
    {{ day_number('occurred_at') }} as event_day,
    count(*) as event_rows,
    sum({{ exact('event_count') }}) as events,
    sum(case when event_name = 'login' then {{ exact('event_count') }} else 0 end) as logins,
    max(case when event_count > 0 then 1 else 0 end) as is_active,
    max(case when event_name = 'login' and event_count > 0 then 1 else 0 end) as has_login,
    sum(case when event_name = 'login' then 1 else 0 end) as login_rows,
    count(feature_id) as feature_rows,
    sum(case when event_count_is_unreadable then 1 else 0 end) as unreadable_event_counts,
    sum(case when event_count_is_out_of_range then 1 else 0 end) as out_of_range_event_counts,
    sum(case when loaded_at_is_unreadable then 1 else 0 end) as unreadable_loaded_ats
from {{ ref('stg_product__usage_events') }}
group by account_id, user_id, {{ day_number('occurred_at') }}
