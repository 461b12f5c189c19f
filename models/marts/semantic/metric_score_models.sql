-- a table, so that a metric can be of the default model without naming it; candidates are in no mart that it joins
select
    score_model,
    label as score_model_label,
    is_default,
    is_published
from {{ ref('int_config__score_models') }}
where is_published
