-- the accounts of one customer that is several accounts, together, on the newest date
with

placed as (

    select
        score_model,
        parent_account_id,
        as_of_date,
        account_id,
        health_score,
        band,
        band_label,
        arr,
        renewal_date,
        band_min_score,
        is_at_risk,
        row_number() over (
            partition by score_model, parent_account_id
            order by
                band_min_score asc nulls last, health_score asc nulls last, arr desc nulls last, account_id asc
        ) as place
    from {{ ref('int_actions__group_members') }}

),

final as (

    select
        placed.score_model,
        placed.parent_account_id,
        max(accounts.account_name) as parent_account_name,
        placed.as_of_date,
        cast(count(*) as bigint) as accounts,
        cast(count(placed.health_score) as bigint) as scored_accounts,
        cast(sum(placed.arr) as {{ dbt.type_numeric() }}) as arr,
        {{ published('sum(placed.health_score) / nullif(count(placed.health_score), 0)', 1) }} as mean_health_score,
        {{ published(
            'sum(placed.health_score * placed.arr)'
            ~ ' / nullif(sum(case when placed.health_score is not null then placed.arr end), 0)', 1
        ) }} as arr_weighted_health_score,
        max(case when placed.place = 1 and placed.band_min_score is not null then placed.band end)
            as worst_band,
        max(case when placed.place = 1 and placed.band_min_score is not null then placed.band_label end)
            as worst_band_label,
        max(case when placed.place = 1 and placed.band_min_score is not null then placed.account_id end)
            as worst_account_id,
        cast(count(case when placed.is_at_risk then 1 end) as bigint) as at_risk_accounts,
        cast(
            case
                when sum(placed.arr) is not null then coalesce(sum(case when placed.is_at_risk then placed.arr end), 0)
            end
            as {{ dbt.type_numeric() }}
        ) as arr_at_risk,
        min(placed.renewal_date) as next_renewal_date
    from placed
    left join {{ ref('stg_crm__accounts') }} as accounts
        on placed.parent_account_id = accounts.account_id
    group by placed.score_model, placed.parent_account_id, placed.as_of_date

)

select * from final
