-- every mistake in the seeds as one sentence that names the file, the row and the mend
with

row_findings as (

    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_values') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_keys') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_signals') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_references') }}

),

findings as (

    select
        seed_name,
        row_text,
        severity,
        'seeds/' || seed_name || '.csv, row "' || row_text || '": ' || problem || '.' as sentence
    from row_findings
    union all
    select
        seed_name,
        row_text,
        severity,
        'seeds/' || seed_name || '.csv' || coalesce(', rows "' || row_text || ',..."', '') || ': ' || problem || '.' as sentence
    from {{ ref('int_checks__seed_sets') }}

)

select distinct
    seed_name,
    row_text,
    severity,
    sentence
from findings
