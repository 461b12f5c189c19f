{{ config(materialized = 'ephemeral') }}

-- rules that began or ceased to fire on a day on which the band changed, and whether that was the account's own doing
with

rules as (

    select
        config_version,
        rule_id,
        signal_id,
        row_text
    from {{ ref('score_configurations') }}
    where seed = 'band_rules'

),

turned as (

    select
        days.score_model,
        days.account_id,
        days.as_of_date,
        days.from_config_version,
        rules.signal_id,
        rules.row_text
    from {{ ref('int_movement__band_days') }} as days
    inner join rules
        on days.config_version = rules.config_version
    where
        (position(',' || rules.rule_id || ',' in ',' || days.fired_rules || ',') > 0)
        <> (position(',' || rules.rule_id || ',' in ',' || days.from_fired_rules || ',') > 0)

),

final as (

    select
        turned.score_model,
        turned.account_id,
        turned.as_of_date,
        max(case when former.row_text is null then 1 else 0 end) = 1 as is_new_rule,
        max(case when uneven_days.signal_id is not null then 1 else 0 end) = 1 as is_feed_change
    from turned
    left join rules as former
        on
            turned.from_config_version = former.config_version
            and turned.row_text = former.row_text
    left join {{ ref('int_movement__uneven_days') }} as uneven_days
        on
            turned.as_of_date = uneven_days.as_of_date
            and uneven_days.days_apart = 1
            and turned.signal_id = uneven_days.signal_id
    group by turned.score_model, turned.account_id, turned.as_of_date

)

select * from final
