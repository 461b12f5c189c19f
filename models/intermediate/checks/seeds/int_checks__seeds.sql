-- every mistake in the seeds as one sentence that names the file, the row and the mend
with

row_findings as (

    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_values') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_keys') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_overlaps') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_signals') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_contradictions') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_references') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_bands') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_targets') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_playbooks') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_accounts') }}
    union all
    select seed_name, row_text, severity, problem from {{ ref('int_checks__seed_alerts') }}

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
        'seeds/' || seed_name || '.csv, rows "' || row_text || ',...": ' || problem || '.' as sentence
    from {{ ref('int_checks__seed_sums') }}
    union all
    select
        seed_name,
        null as row_text,
        severity,
        'seeds/' || seed_name || '.csv: ' || problem || '.' as sentence
    from {{ ref('int_checks__seed_files') }}

)

select distinct
    seed_name,
    row_text,
    severity,
    sentence
from findings
