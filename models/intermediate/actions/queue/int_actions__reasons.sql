{{ config(materialized = 'ephemeral') }}

-- why an account is in the queue, as one sentence to read aloud
with

health as (

    select
        account_id,
        band_label,
        band,
        {{ day_number('as_of_date') }} - {{ day_number('band_since') }} + 1 as days_in_band,
        cast(band_since as {{ dbt.type_string() }}) as band_since,
        coverage,
        driver_1,
        override_reason,
        is_silent,
        stale_sources,
        days_to_renewal,
        cast(renewal_date as {{ dbt.type_string() }}) as renewal_date
    from {{ ref('customer_health') }}

),

rules as (

    select
        account_id,
        {{ ordered_listagg('meaning', "', '", 'rule_id') }} as meanings
    from {{ ref('int_actions__fired_rules') }}
    group by account_id

),

lowered as (

    select account_id
    from {{ ref('int_actions__accounts') }}
    where is_lowered_by_rule

),

final as (

    select
        health.account_id,
        health.band_label || ' since ' || health.band_since || {{ days_text('health.days_in_band', ' (', ')') }}
        || coalesce(', set by hand: ' || health.override_reason, '')
        || case
            when lowered.account_id is not null and health.override_reason is null
                then ', because a warning sign lowered the band'
            else ''
        end
        || coalesce('; what costs most is ' || health.driver_1, '')
        || coalesce('; warning signs: ' || rules.meanings, '')
        || case
            when health.band = 'insufficient_data'
                then '; ' || {{ decimal_text('100 * health.coverage', 0) }} || ' % of the evidence is known'
            else ''
        end
        || case when health.stale_sources <> '' then '; broken feeds: ' || health.stale_sources else '' end
        || case when health.is_silent then '; nobody there was heard in 90 days' else '' end
        || case
            when health.days_to_renewal <= 0 then '; the renewal was due on ' || health.renewal_date
            when health.days_to_renewal <= 180 then {{ days_text('health.days_to_renewal', '; renewal in ', '') }}
            else ''
        end
        || '.' as reason
    from health
    left join rules
        on health.account_id = rules.account_id
    left join lowered
        on health.account_id = lowered.account_id

)

select * from final
