-- written only once the seeds and the raw data passed their checks: {{ ref('int_windows__as_of_dates') }}
with

rejected as (

    select source_table, row_key, reject_reason, row_json
    from {{ ref('int_checks__rows') }}
    where reject_reason is not null
    union all
    select 'usage_events' as source_table, row_key, reject_reason, row_json
    from {{ ref('stg_product__usage_events_rejected') }}

),

final as (

    select
        source_table,
        coalesce(row_key, '') as row_key,
        reject_reason as reason,
        cast(row_number() over (
            partition by source_table, row_key, reject_reason
            order by {{ as_bytes('row_json') }}
        ) as integer) as reject_number,
        row_json
    from rejected

)

select * from final
