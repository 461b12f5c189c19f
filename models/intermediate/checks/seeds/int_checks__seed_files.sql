-- files without what every build needs: a row, one default model, rows of the default segment
with

seed_rows as (

    select
        *,
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

)

select
    seed_name,
    'error' as severity,
    problem
from file_findings
union all
select
    seed_name,
    'error' as severity,
    problem
from default_segments
