-- the parts of the book that every ranking is judged in: all of it, each segment and quarter, touched and untouched
-- accounts, the early and the late dates
with

scored as (

    select
        score_model, account_id, as_of_day, csm_owner, segment, quarter, is_touched, panel_part, is_churned,
        coalesce(arr, 0) as arr
    from {{ ref('int_backtest__panel') }}
    where population = 'scored'

),

final as (

    select
        score_model, account_id, as_of_day, csm_owner, is_churned, arr,
        'book' as dimension,
        'all' as dimension_value
    from scored
    union all
    select score_model, account_id, as_of_day, csm_owner, is_churned, arr, 'segment', segment
    from scored
    union all
    select score_model, account_id, as_of_day, csm_owner, is_churned, arr, 'quarter', quarter
    from scored
    union all
    select
        score_model, account_id, as_of_day, csm_owner, is_churned, arr, 'touch',
        case when is_touched then 'touched' else 'untouched' end
    from scored
    union all
    select score_model, account_id, as_of_day, csm_owner, is_churned, arr, 'part', panel_part
    from scored
    where panel_part in ('early', 'late')

)

select * from final
