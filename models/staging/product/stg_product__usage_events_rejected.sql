{{ config(materialized = 'table') }}

with

broken as (

    select
        row_key,
        reject_reason,
        {{ row_json(raw_columns('usage_events')) }} as row_json
    from {{ ref('stg_product__usage_events_checked') }}
    where reject_reason is not null

),

superseded as (

    select
        row_key,
        'superseded' as reject_reason,
        row_json
    from {{ ref('stg_product__usage_event_versions') }}
    where version_number > 1

)

select * from broken
union all
select * from superseded
