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
        bands.next_min_score as band_ends_at,
        coalesce({{ reaches('accounts.health_score', 'computed_bands.next_min_score') }}, false) as is_lowered_by_rule,
        accounts.band_is_certain or accounts.override_reason is not null as is_certain
    from accounts
    -- of the configuration that made the score, which after a replay of an old date is not that of tonight
    left join {{ ref('int_actions__segment_bands') }} as bands
        on
            accounts.config_version = bands.config_version
            and accounts.segment = bands.segment
            and accounts.band = bands.band
    left join {{ ref('int_actions__segment_bands') }} as computed_bands
        on
            accounts.config_version = computed_bands.config_version
            and accounts.segment = computed_bands.segment
            and accounts.computed_band = computed_bands.band

)

select * from final
