-- bands that a rule or an override names and the model does not have
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

)

select * from unknown_bands
