-- Features as they stood: from the first snapshot on as the snapshots have them, before it as the first one does
with

versions as (

    select
        feature_id,
        is_core,
        {{ version_from_day('feature_id') }} as from_day,
        {{ version_until_day() }} as until_day
    from {{ ref('features_snapshot') }}
    where dbt_valid_to is null or dbt_valid_to > dbt_valid_from

),

-- in a replay of an older date: what came after the last snapshot
unseen as (

    select
        current_rows.feature_id,
        current_rows.is_core,
        {{ since_ever() }} as from_day,
        {{ never() }} as until_day
    from {{ ref('stg_product__features') }} as current_rows
    left join versions
        on current_rows.feature_id = versions.feature_id
    where versions.feature_id is null

)

select * from versions
union all
select * from unseen
