{{ config(materialized = 'view') }}

-- reads marts only, so that which band was the worst one is what it was when the date was scored
with

history as (

    select
        score_model,
        account_id,
        as_of_date,
        segment,
        csm_owner,
        region,
        plan,
        band,
        health_score,
        coverage,
        arr,
        config_version
    from {{ ref('customer_health_history') }}

),

-- every segment with thresholds of its own has a band that starts at 0
worst_bands as (

    select config_version, segment, band
    from {{ ref('score_configurations') }}
    where
        seed = 'score_thresholds'
        and min_score = 0

),

final as (

    select
        history.score_model,
        history.account_id,
        history.as_of_date,
        history.segment,
        history.csm_owner,
        history.region,
        history.plan,
        history.band,
        history.health_score,
        history.coverage,
        history.arr,
        history.band = coalesce(of_segment.band, of_all.band) as is_worst_band
    from history
    left join worst_bands as of_segment
        on
            history.config_version = of_segment.config_version
            and history.segment = of_segment.segment
    left join worst_bands as of_all
        on
            history.config_version = of_all.config_version
            and of_all.segment = '*'

)

select * from final
