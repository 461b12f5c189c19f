with

core_features as (

    select
        feature_id,
        coalesce({{ day_number('released_at') }}, 0) as released_day
    from {{ ref('stg_product__features') }}
    where is_core

)

select
    events.account_id,
    events.feature_id,
    core_features.released_day,
    {{ day_number('events.occurred_at') }} as event_day
from {{ ref('stg_product__usage_events') }} as events
inner join core_features
    on events.feature_id = core_features.feature_id
where events.event_count > 0
group by
    events.account_id,
    events.feature_id,
    core_features.released_day,
    {{ day_number('events.occurred_at') }}
