-- laws that the rows of a model and segment obey together
with

seed_rows as (

    select
        *,
        {{ read_number('weight') }} as weight_read,
        {{ read_number('min_score') }} as min_score_read
    from {{ ref('int_checks__seed_rows') }}

),

segments as (

    select
        seed_name,
        score_model || ',' || segment as row_text,
        sum(weight_read) as weights,
        min(min_score_read) as lowest_score,
        -- a weight that is no weight is a finding of its own
        bool_and(coalesce(weight_read > 0, false)) as has_weights,
        bool_and(min_score_read is not null) as has_scores
    from seed_rows
    where score_model is not null and segment is not null
    group by seed_name, score_model, segment

),

segment_findings as (

    select
        seed_name,
        row_text,
        'the weights add up to ' || {{ rounded_text('weights') }} || ', not 100; '
        || case
            when weights > 100 then 'lower them by ' || {{ rounded_text('weights - 100') }}
            else 'raise them by ' || {{ rounded_text('100 - weights') }}
        end as problem
    from segments
    where seed_name = 'score_weights' and has_weights and abs(weights - 100) > 0.000001
    union all
    select
        seed_name,
        row_text,
        'the lowest min_score is ' || {{ rounded_text('lowest_score') }} || ', not 0; write 0 for the lowest band'
            as problem
    from segments
    where seed_name = 'score_thresholds' and has_scores and lowest_score <> 0

)

select
    seed_name,
    row_text,
    'error' as severity,
    problem
from segment_findings
