-- a table, so that a metric can be of the default model without naming it
select
    score_model,
    label as score_model_label,
    is_default,
    is_published
from {{ ref('int_config__score_models') }}
