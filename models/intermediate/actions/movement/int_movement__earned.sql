-- what each weighed signal earned on a day of a pair, seen through today's seeds
with

{{ weighed_signals(ref('int_movement__sides')) }}

select
    score_model,
    account_id,
    as_of_date,
    segment,
    config_version,
    signal_id,
    bucket,
    score_group,
    weight,
    normalized_score,
    company_reason is not null as is_silenced
from weighed
where weight > 0
