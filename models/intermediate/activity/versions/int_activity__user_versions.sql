-- Users as they stood: from the first snapshot on as the snapshots have them, before it as the first one does
with

versions as (

    select
        user_id,
        role,
        {{ version_from_day('user_id') }} as from_day,
        {{ version_until_day() }} as until_day
    from {{ ref('users_snapshot') }}
    where dbt_valid_to is null or dbt_valid_to > dbt_valid_from

),

-- in a replay of an older date: what came after the last snapshot
unseen as (

    select
        current_rows.user_id,
        current_rows.role,
        {{ since_ever() }} as from_day,
        {{ never() }} as until_day
    from {{ ref('stg_crm__users') }} as current_rows
    left join versions
        on current_rows.user_id = versions.user_id
    where versions.user_id is null

)

select * from versions
union all
select * from unseen
