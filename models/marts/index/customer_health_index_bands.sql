{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

-- the dates in {{ ref('int_scores__as_of_dates') }} are replaced
select
    score_model,
    as_of_date,
    dimension,
    dimension_value,
    band,
    max(band_label) as band_label,
    cast(sum(accounts) as bigint) as accounts,
    cast(sum(arr) as {{ dbt.type_numeric() }}) as arr
from {{ ref('int_actions__index_groups') }}
group by score_model, as_of_date, dimension, dimension_value, band
