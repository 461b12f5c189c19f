-- bands that a rule, an override or a target names and the model does not have
with

seed_rows as (

    select * from {{ ref('int_checks__seed_rows') }}

),

thresholds as (

    select distinct
        score_model,
        segment,
        band
    from seed_rows
    where seed_name = 'score_thresholds' and segment is not null

),

-- a rule or an override may meet an account of any segment, so each threshold set of the model needs the band
named_bands as (

    select
        seed_name,
        row_text,
        score_model,
        case seed_name when 'band_rules' then best_band else band end as band
    from seed_rows
    where seed_name in ('band_rules', 'manual_overrides')

),

segments as (

    select distinct score_model, segment
    from thresholds

),

unknown_bands as (

    select
        named_bands.seed_name,
        named_bands.row_text,
        'error' as severity,
        'the band "' || named_bands.band || '" is not in seeds/score_thresholds.csv for score_model "'
        || segments.score_model
        || '" and segment "' || segments.segment || '"; write one of its bands, or add this one there' as problem
    from named_bands
    inner join segments
        on named_bands.score_model = segments.score_model
    left join thresholds
        on
            segments.score_model = thresholds.score_model
            and segments.segment = thresholds.segment
            and named_bands.band = thresholds.band
    where named_bands.band is not null and thresholds.band is null

),

-- a target speaks of a band wherever it is
model_bands as (

    select distinct
        score_model,
        band
    from seed_rows
    where seed_name = 'score_thresholds'

),

known_models as (

    select distinct score_model from model_bands

),

targets_of_unknown_bands as (

    select
        targets.seed_name,
        targets.row_text,
        'error' as severity,
        'the band "' || targets.band || '" is not in seeds/score_thresholds.csv for score_model "'
        || targets.score_model || '"; write one of its bands, or add this one there' as problem
    from seed_rows as targets
    inner join known_models
        on targets.score_model = known_models.score_model
    left join model_bands
        on
            targets.score_model = model_bands.score_model
            and targets.band = model_bands.band
    where
        targets.seed_name = 'calibration_targets'
        and targets.band is not null
        and model_bands.band is null

),

final as (

    select * from unknown_bands
    union all
    select * from targets_of_unknown_bands

)

select * from final
