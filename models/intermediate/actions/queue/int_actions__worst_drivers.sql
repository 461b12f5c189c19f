{{ config(materialized = 'ephemeral') }}

-- the one signal that speaks loudest: that of the rule that lowered the band, else the one that cost most points
with

accounts as (

    select
        score_model,
        account_id,
        is_lowered_by_rule
    from {{ ref('int_actions__accounts') }}

),

-- the band is that of the worst rule; of several equally bad ones the first by its id
rules as (

    select
        account_id,
        signal_id,
        bucket,
        row_number() over (partition by account_id order by {{ as_bytes('rule_id') }}) as place
    from {{ ref('int_actions__fired_rules') }}
    where is_of_computed_band

),

drivers as (

    select
        score_model,
        account_id,
        driver_1_signal_id,
        driver_1_bucket
    from {{ ref('customer_health_drivers') }}

),

final as (

    select
        accounts.account_id,
        coalesce(rules.signal_id, drivers.driver_1_signal_id) as worst_driver_signal_id,
        coalesce(rules.bucket, drivers.driver_1_bucket) as worst_driver_bucket
    from accounts
    left join rules
        on
            accounts.account_id = rules.account_id
            and accounts.is_lowered_by_rule
            and rules.place = 1
    left join drivers
        on
            accounts.score_model = drivers.score_model
            and accounts.account_id = drivers.account_id

)

select * from final
