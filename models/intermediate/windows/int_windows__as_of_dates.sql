-- The dates that are measured in this run. Nothing is measured on broken seeds or broken input:
-- {{ ref('int_checks__seeds') }}, {{ ref('int_checks__raw_rows') }}
with

-- a date whose scores were made with another configuration keeps them, unless somebody asks for it (interface.md 4)
settled as (

    select distinct stored.as_of_date
    from {{ left_by_last_run(
        'marts', 'customer_health_history',
        {'as_of_date': 'date', 'score_model': dbt.type_string(), 'config_version': dbt.type_string()}
    ) }} as stored
    inner join {{ ref('run__as_of_dates') }} as dates
        on
            stored.as_of_date = dates.as_of_date
            and dates.is_restated
    left join {{ ref('int_config__versions') }} as versions
        on
            stored.score_model = versions.score_model
            and stored.config_version = versions.config_version
    where versions.config_version is null

)

select
    dates.as_of_day,
    dates.as_of_date
from {{ ref('run__as_of_dates') }} as dates
left join settled
    on dates.as_of_date = settled.as_of_date
where settled.as_of_date is null
