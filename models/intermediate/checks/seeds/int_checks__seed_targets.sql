-- bands that a target or a playbook names and the model has nowhere: they speak of a band in whatever segment it is
with

seed_rows as (

    select * from {{ ref('int_checks__seed_rows') }}

),

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

unknown_bands as (

    select
        named_bands.seed_name,
        named_bands.row_text,
        'error' as severity,
        'the band "' || named_bands.band || '" is not in seeds/score_thresholds.csv for score_model "'
        || named_bands.score_model || '"; write one of its bands, or add this one there' as problem
    from seed_rows as named_bands
    inner join known_models
        on named_bands.score_model = known_models.score_model
    left join model_bands
        on
            named_bands.score_model = model_bands.score_model
            and named_bands.band = model_bands.band
    where
        named_bands.band is not null
        and (
            named_bands.seed_name = 'calibration_targets'
            -- a state without a score may ask for something too
            or (
                named_bands.seed_name = 'action_playbooks'
                and named_bands.band not in ('onboarding', 'insufficient_data')
            )
        )
        and model_bands.band is null

)

select * from unknown_bands
