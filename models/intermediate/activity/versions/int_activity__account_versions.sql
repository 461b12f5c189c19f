-- Accounts as they stood: from the first snapshot on as the snapshots have them, before it as the first one does
with

versions as (

    select
        account_id,
        segment,
        csm_owner,
        region,
        is_internal,
        {{ version_from_day('account_id') }} as from_day,
        {{ version_until_day() }} as until_day
    from {{ ref('accounts_snapshot') }}
    where dbt_valid_to is null or dbt_valid_to > dbt_valid_from

),

-- in a replay of an older date: what came after the last snapshot
unseen as (

    select
        current_rows.account_id,
        current_rows.segment,
        current_rows.csm_owner,
        current_rows.region,
        current_rows.is_internal,
        {{ since_ever() }} as from_day,
        {{ never() }} as until_day
    from {{ ref('stg_crm__accounts') }} as current_rows
    left join versions
        on current_rows.account_id = versions.account_id
    where versions.account_id is null

)

select * from versions
union all
select * from unseen
