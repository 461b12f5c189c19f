-- is the candidate better? And is a score better than what is to be had for nothing?
with

newest as (

    select max(panel_date) as panel_date
    from {{ ref('int_backtest__panel') }}

),

latest as (

    select panel.score_model, panel.account_id, panel.segment, panel.computed_band, coalesce(panel.arr, 0) as arr
    from {{ ref('int_backtest__panel') }} as panel
    inner join newest
        on panel.panel_date = newest.panel_date

),

moves as (

    select
        own.score_model,
        other.score_model as compared_with,
        own.segment,
        own.arr
    from latest as own
    inner join latest as other
        on
            own.account_id = other.account_id
            and own.score_model <> other.score_model
            and own.computed_band <> other.computed_band

),

moved as (

    select
        score_model,
        compared_with,
        'book' as dimension,
        'all' as dimension_value,
        count(*) as accounts_changing_band,
        sum(arr) as arr_changing_band
    from moves
    group by score_model, compared_with
    union all
    select score_model, compared_with, 'segment', segment, count(*), sum(arr)
    from moves
    group by score_model, compared_with, segment

),

final as (

    select
        contests.score_model,
        contests.compared_with,
        contests.dimension,
        contests.dimension_value,
        case
            when contests.compared_kind = 'score_model' then contests.compared_kind
            else {{ predictor_kind('contests.compared_with') }}
        end as compared_kind,
        contests.panel_rows,
        cast(contests.accounts as bigint) as accounts,
        cast(contests.churned_accounts as bigint) as churned_accounts,
        {{ told('contests.auc', 'contests.churned_accounts') }} as auc,
        {{ told('contests.compared_auc', 'contests.churned_accounts') }} as compared_auc,
        {{ told('contests.auc_difference', 'contests.churned_accounts') }} as auc_difference,
        {{ told('contests.auc_difference_low', 'contests.churned_accounts') }} as auc_difference_low,
        {{ told('contests.auc_difference_high', 'contests.churned_accounts') }} as auc_difference_high,
        {{ told('contests.lift', 'contests.churned_accounts') }} as lift,
        {{ told('contests.compared_lift', 'contests.churned_accounts') }} as compared_lift,
        {{ told('contests.lift_difference', 'contests.churned_accounts') }} as lift_difference,
        {{ told('contests.lift_difference_low', 'contests.churned_accounts') }} as lift_difference_low,
        {{ told('contests.lift_difference_high', 'contests.churned_accounts') }} as lift_difference_high,
        case
            when contests.compared_kind = 'score_model' and contests.dimension <> 'part'
                then cast(coalesce(moved.accounts_changing_band, 0) as bigint)
        end as accounts_changing_band,
        case
            when contests.compared_kind = 'score_model' and contests.dimension <> 'part'
                then {{ published('coalesce(moved.arr_changing_band, 0)', 6) }}
        end as arr_changing_band,
        case
            when contests.churned_accounts < {{ var('backtest_min_churns') }} then null
            when contests.auc_difference_low > 0 then 'better'
            when contests.auc_difference_high < 0 then 'worse'
            when contests.auc_difference is not null then 'not_told_apart'
        end as verdict,
        {{ too_few_to_tell('contests.churned_accounts') }} as note
    from {{ ref('int_backtest__contests') }} as contests
    left join moved
        on
            contests.score_model = moved.score_model
            and contests.compared_with = moved.compared_with
            and contests.dimension = moved.dimension
            and contests.dimension_value = moved.dimension_value

)

select * from final
