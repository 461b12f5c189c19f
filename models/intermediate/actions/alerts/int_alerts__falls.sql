{{ config(materialized = 'ephemeral') }}

-- days on which a score stands so much lower than 30 days before that it is news: what a feed or new weights took
-- away is no news of the account
with

settings as (

    select
        score_model,
        alert_type,
        threshold
    from {{ ref('int_config__alert_settings') }}
    where
        alert_type = 'score_drop'
        and is_on

)

select
    history.score_model,
    settings.alert_type,
    history.account_id,
    history.as_of_date
from {{ ref('customer_health_history') }} as history
inner join settings
    on history.score_model = settings.score_model
left join {{ ref('int_movement__splits') }} as splits
    on
        history.score_model = splits.score_model
        and history.account_id = splits.account_id
        and history.as_of_date = splits.as_of_date
        and {{ add_days('history.as_of_date', -30) }} = splits.compared_date
where
    history.as_of_date >= {{ first_scored_date(30) }}
    and history.score_change_30d <= -settings.threshold
    and history.score_change_30d - coalesce(splits.feeds_score - splits.from_score_exact, 0)
    <= -settings.threshold + 0.05
