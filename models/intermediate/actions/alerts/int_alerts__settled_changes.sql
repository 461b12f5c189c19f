-- changes between settled bands with their direction, and with the cause of the change that the new band began with
select
    settled.score_model,
    settled.account_id,
    settled.as_of_date,
    settled.from_band,
    settled.to_band,
    {{ band_direction('from_thresholds', 'to_thresholds') }} as direction,
    begun.cause,
    begun.is_company_wide
from {{ ref('int_alerts__settled_bands') }} as settled
inner join {{ ref('customer_health_history') }} as history
    on
        settled.score_model = history.score_model
        and settled.account_id = history.account_id
        and settled.as_of_date = history.as_of_date
        and history.as_of_date >= {{ first_scored_date() }}
-- after a gap in the account's days there is none: the account came back
left join {{ ref('customer_health_band_changes') }} as begun
    on
        settled.score_model = begun.score_model
        and settled.account_id = begun.account_id
        and settled.band_since = begun.as_of_date
left join {{ ref('int_actions__segment_bands') }} as from_thresholds
    on
        history.config_version = from_thresholds.config_version
        and history.segment = from_thresholds.segment
        and settled.from_band = from_thresholds.band
left join {{ ref('int_actions__segment_bands') }} as to_thresholds
    on
        history.config_version = to_thresholds.config_version
        and history.segment = to_thresholds.segment
        and settled.to_band = to_thresholds.band
