{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'append',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

-- filled by the macro record_run, like nightly_runs
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as {{ dbt.type_string() }}) as layer,
    cast(null as {{ dbt.type_string() }}) as table_name,
    cast(null as bigint) as row_count,
    cast(null as bigint) as rows_rejected,
    cast(null as bigint) as rows_superseded
where false
