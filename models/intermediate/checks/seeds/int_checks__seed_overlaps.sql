-- overrides of one model and account that hold on the same day
with

numbered as (

    select
        seed_name,
        row_text,
        score_model,
        account_id,
        {{ read_date('starts_on') }} as first_date,
        {{ read_date('expires_on') }} as last_date,
        row_number() over (order by row_text) as row_order
    from {{ ref('int_checks__seed_rows') }}
    where seed_name = 'manual_overrides'

),

overlapping as (

    select
        former.seed_name,
        former.row_text,
        'error' as severity,
        'it overlaps with the row "' || latter.row_text || '", which is for the same model and account;'
        || ' let one end before the other starts' as problem
    from numbered as former
    inner join numbered as latter
        on
            former.score_model = latter.score_model
            and former.account_id = latter.account_id
            and former.row_order < latter.row_order
            and former.first_date <= latter.last_date
            and former.last_date >= latter.first_date

)

select * from overlapping
