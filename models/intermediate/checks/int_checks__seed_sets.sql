-- laws that the rows of a file obey together; row_text is null where the whole file is meant
with

seed_rows as (

    select
        *,
        {{ read_number('weight') }} as weight_read,
        {{ read_number('min_score') }} as min_score_read,
        {{ read_boolean('is_default') }} as is_default_read
    from {{ ref('int_checks__seed_rows') }}

),

needed_files as (

    select 'score_models' as seed_name
    union all
    select 'signals' as seed_name
    union all
    select 'score_weights' as seed_name
    union all
    select 'score_thresholds' as seed_name

),

row_counts as (

    select
        seed_name,
        count(*) as row_count,
        sum(case when is_default_read then 1 else 0 end) as default_rows
    from seed_rows
    group by seed_name

),

file_findings as (

    select
        needed_files.seed_name,
        'the file has no rows; write at least one, or take the file back from an earlier version' as problem
    from needed_files
    left join row_counts on needed_files.seed_name = row_counts.seed_name
    where row_counts.seed_name is null
    union all
    select
        seed_name,
        cast(default_rows as {{ dbt.type_string() }})
        || ' models have is_default true; write true for exactly one, the model that customer_health shows' as problem
    from row_counts
    where seed_name = 'score_models' and default_rows <> 1

),

-- an account whose segment has no rows of its own is scored by those of *
default_segments as (

    select
        row_counts.seed_name,
        'the model "' || models.score_model || '" has no row of the default segment *; add its rows here, or delete'
        || ' the model from seeds/score_models.csv' as problem
    from row_counts
    inner join seed_rows as models on models.seed_name = 'score_models'
    left join seed_rows as rows_of_model
        on
            row_counts.seed_name = rows_of_model.seed_name
            and models.score_model = rows_of_model.score_model
            and rows_of_model.segment = '*'
    where
        row_counts.seed_name in ('score_weights', 'score_thresholds')
        and rows_of_model.seed_name is null
        and models.score_model is not null

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
        'the lowest min_score is ' || {{ rounded_text('lowest_score') }} || ', not 0; write 0 for the lowest band' as problem
    from segments
    where seed_name = 'score_thresholds' and has_scores and lowest_score <> 0

)

select
    seed_name,
    row_text,
    'error' as severity,
    problem
from segment_findings
union all
select
    seed_name,
    null as row_text,
    'error' as severity,
    problem
from file_findings
union all
select
    seed_name,
    null as row_text,
    'error' as severity,
    problem
from default_segments
