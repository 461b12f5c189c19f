-- the days on which an account has another band than the day before
with

-- a run of days in one band begins
turned as (

    select history.*
    from {{ ref('customer_health_history') }} as history
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on history.as_of_date = dates.as_of_date
    where
        history.band_since = history.as_of_date
        and history.as_of_date >= {{ first_scored_date() }}

),

earlier as (

    select *
    from {{ ref('customer_health_history') }}
    where as_of_date >= {{ first_scored_date(1) }}

),

final as (

    select
        turned.score_model,
        turned.account_id,
        turned.as_of_date,
        earlier.as_of_date as compared_date,
        turned.segment,
        earlier.segment as from_segment,
        turned.config_version,
        earlier.config_version as from_config_version,
        earlier.band as from_band,
        turned.band,
        earlier.computed_band as from_computed_band,
        turned.computed_band,
        earlier.health_score as from_health_score,
        turned.health_score,
        earlier.score_exact as from_score_exact,
        turned.score_exact,
        earlier.fired_rules as from_fired_rules,
        turned.fired_rules,
        earlier.override_reason is not null as was_overridden,
        turned.override_reason is not null as is_overridden
    from turned
    -- a day without a row breaks the run and is no change
    inner join earlier
        on
            turned.score_model = earlier.score_model
            and turned.account_id = earlier.account_id
            and {{ add_days('turned.as_of_date', -1) }} = earlier.as_of_date

)

select * from final
