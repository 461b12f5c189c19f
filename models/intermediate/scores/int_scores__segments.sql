-- which weights and thresholds hold for a segment: its own rows, where the model has any, else the default *
with

segments as (

    select distinct segment
    from {{ ref('int_scores__inputs') }}

),

models as (

    select score_model, is_published
    from {{ ref('int_config__score_models') }}

),

weighted as (

    select distinct score_model, segment
    from {{ ref('int_config__score_weights') }}

),

banded as (

    select distinct score_model, segment
    from {{ ref('int_config__score_thresholds') }}

),

final as (

    select
        models.score_model,
        segments.segment,
        models.is_published,
        coalesce(weighted.segment, '*') as weights_segment,
        coalesce(banded.segment, '*') as thresholds_segment
    from models
    cross join segments
    left join weighted
        on
            models.score_model = weighted.score_model
            and segments.segment = weighted.segment
    left join banded
        on
            models.score_model = banded.score_model
            and segments.segment = banded.segment

)

select * from final
