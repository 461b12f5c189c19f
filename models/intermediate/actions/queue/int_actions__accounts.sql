-- the book today with what its bands mean: where the band shown ends, and whether a rule lowered the one of the model
with

accounts as (

    select
        score_model,
        account_id,
        segment,
        health_score,
        band,
        computed_band,
        coverage,
        band_is_certain,
        override_reason,
        arr,
        days_to_renewal,
        band_since,
        as_of_date,
        config_version
    from {{ ref('customer_health') }}

),

-- of the configuration that made the score, which after a replay of an old date is not that of tonight
bands as (

    select
        config_version,
        segment,
        band,
        lead(min_score, 1, 1e300) over (partition by config_version, segment order by min_score) as ends_at
    from {{ ref('score_configurations') }}
    where seed = 'score_thresholds'

),

own_bands as (

    select distinct config_version, segment
    from bands

),

final as (

    select
        accounts.score_model,
        accounts.account_id,
        accounts.as_of_date,
        accounts.band,
        accounts.band_since,
        accounts.health_score,
        accounts.coverage,
        accounts.arr,
        accounts.days_to_renewal,
        bands.ends_at as band_ends_at,
        coalesce({{ reaches('accounts.health_score', 'computed_bands.ends_at') }}, false) as is_lowered_by_rule,
        accounts.band_is_certain or accounts.override_reason is not null as is_certain
    from accounts
    left join own_bands
        on
            accounts.config_version = own_bands.config_version
            and accounts.segment = own_bands.segment
    left join bands
        on
            accounts.config_version = bands.config_version
            and coalesce(own_bands.segment, '*') = bands.segment
            and accounts.band = bands.band
    left join bands as computed_bands
        on
            accounts.config_version = computed_bands.config_version
            and coalesce(own_bands.segment, '*') = computed_bands.segment
            and accounts.computed_band = computed_bands.band

)

select * from final
