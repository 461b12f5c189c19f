-- depends_on: {{ ref('int_checks__seeds') }}
select
    score_model,
    label,
    {{ read_number('min_coverage') }} as min_coverage,
    {{ read_number('min_model_coverage') }} as min_model_coverage,
    cast({{ read_number('min_tenure_days') }} as integer) as min_tenure_days,
    {{ read_boolean('is_default') }} as is_default,
    {{ read_boolean('is_published') }} as is_published
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'score_models'
