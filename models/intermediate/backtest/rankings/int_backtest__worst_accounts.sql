-- of the accounts that each customer success manager would call first, how many left: the greatest risks among the
-- manager's own on each date, those that tie at the line in proportion
with

risks as (

    select
        score_model,
        predictor,
        dimension,
        dimension_value,
        as_of_day,
        csm_owner,
        risk,
        count(*) as rows_at,
        count(case when is_churned then 1 end) as churned_at
    from {{ ref('int_backtest__ranked_rows') }}
    where csm_owner is not null
    group by score_model, predictor, dimension, dimension_value, as_of_day, csm_owner, risk

),

cumulated as (

    select
        *,
        coalesce(sum(rows_at) over (
            partition by score_model, predictor, dimension, dimension_value, as_of_day, csm_owner
            order by risk desc
            rows between unbounded preceding and 1 preceding
        ), 0) as rows_before
    from risks

),

called as (

    select
        *,
        {{ share_within(var('backtest_calls_per_csm'), 'rows_before', 'rows_at') }} as called_share
    from cumulated

),

final as (

    select
        score_model,
        predictor,
        dimension,
        dimension_value,
        {{ safe_divide(exact_sum('churned_at * called_share'), exact_sum('rows_at * called_share')) }}
            as called_precision
    from called
    group by score_model, predictor, dimension, dimension_value

)

select * from final
