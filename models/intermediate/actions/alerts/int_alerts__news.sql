-- the first day of what holds, after it had not held for min_dwell_days, and not because of a feed or of new weights
with

followed as (

    select
        conditions.*,
        lag(conditions.as_of_date) over (
            partition by conditions.score_model, conditions.alert_type, conditions.account_id, conditions.subject
            order by conditions.as_of_date
        ) as last_held_on
    from {{ ref('int_alerts__conditions') }} as conditions

),

-- without a day before, everything would be news
scored_days as (

    select distinct as_of_date
    from {{ ref('customer_health_signal_days') }}
    where as_of_date >= {{ first_scored_date(1) }}

),

earlier as (

    select
        score_model,
        account_id,
        as_of_date,
        config_version,
        stale_sources
    from {{ ref('customer_health_history') }}
    where as_of_date >= {{ first_scored_date(1) }}

),

rules as (

    select
        config_version,
        rule_id,
        row_text
    from {{ ref('score_configurations') }}
    where seed = 'band_rules'

),

final as (

    select
        followed.score_model,
        followed.alert_type,
        followed.account_id,
        followed.subject,
        followed.as_of_date
    from followed
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on followed.as_of_date = dates.as_of_date
    inner join scored_days
        on {{ add_days('followed.as_of_date', -1) }} = scored_days.as_of_date
    inner join {{ ref('int_config__alert_settings') }} as settings
        on
            followed.score_model = settings.score_model
            and followed.alert_type = settings.alert_type
    left join {{ ref('customer_health_history') }} as history
        on
            followed.score_model = history.score_model
            and followed.account_id = history.account_id
            and followed.as_of_date = history.as_of_date
            and history.as_of_date >= {{ first_scored_date() }}
    left join earlier
        on
            followed.score_model = earlier.score_model
            and followed.account_id = earlier.account_id
            and {{ add_days('followed.as_of_date', -1) }} = earlier.as_of_date
    left join rules
        on
            history.config_version = rules.config_version
            and followed.subject = rules.rule_id
    left join rules as former_rules
        on
            earlier.config_version = former_rules.config_version
            and rules.row_text = former_rules.row_text
    where
        (
            followed.last_held_on is null
            or followed.last_held_on < {{ add_days('followed.as_of_date', '-settings.min_dwell_days') }}
        )
        and not followed.is_feed_change
        -- a rule that was edited that night fires by the edit
        and (
            followed.alert_type <> 'rule_fired'
            or earlier.config_version is null
            or former_rules.row_text is not null
        )
        -- nobody can be heard while a feed is stale
        and (
            followed.alert_type <> 'went_silent'
            or not coalesce(
                earlier.stale_sources like '%tickets%'
                or earlier.stale_sources like '%conversations%'
                or earlier.stale_sources like '%touchpoints%',
                false
            )
        )

)

select * from final
