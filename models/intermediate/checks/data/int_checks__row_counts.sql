with

judged as (

    select source_table, reject_reason, count(*) as row_count
    from {{ ref('int_checks__rows') }}
    group by source_table, reject_reason
    union all
    select 'usage_events', reject_reason, count(*)
    from {{ ref('stg_product__usage_events_rejected') }}
    group by reject_reason
    union all
    select 'usage_events', null, sum(event_rows)
    from {{ ref('int_activity__user_days') }}

),

final as (

    select
        source_table,
        cast(sum(row_count) as bigint) as rows_judged,
        cast(sum(case when reject_reason is null then row_count else 0 end) as bigint) as rows_accepted,
        cast(sum(case when reject_reason <> 'superseded' then row_count else 0 end) as bigint) as rows_rejected,
        cast(sum(case when reject_reason = 'superseded' then row_count else 0 end) as bigint) as rows_superseded
    from judged
    where row_count > 0
    group by source_table

)

select * from final
