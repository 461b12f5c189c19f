-- segments and accounts that no accepted account has: a typo, or one that is yet to come
with

seed_rows as (

    select * from {{ ref('int_checks__seed_rows') }}

),

unknown_segments as (

    select
        seed_rows.seed_name,
        seed_rows.row_text,
        'warning' as severity,
        'no account is in the segment "' || seed_rows.segment || '"; check its spelling,'
        || ' which is case-sensitive' as problem
    from seed_rows
    left join {{ ref('stg_crm__accounts') }} as accounts on seed_rows.segment = accounts.segment
    where seed_rows.segment <> '*' and accounts.segment is null

),

unknown_accounts as (

    select
        seed_rows.seed_name,
        seed_rows.row_text,
        'warning' as severity,
        'no account has the account_id "' || seed_rows.account_id || '"; check its spelling,'
        || ' which is case-sensitive' as problem
    from seed_rows
    left join {{ ref('stg_crm__accounts') }} as accounts on seed_rows.account_id = accounts.account_id
    where seed_rows.account_id is not null and accounts.account_id is null

)

select * from unknown_segments
union all
select * from unknown_accounts
