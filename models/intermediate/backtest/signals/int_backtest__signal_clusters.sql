-- each signal alone as a ranking of the rows that have it: the lower it scores, the greater the risk
with

ranked_rows as (

    select
        slices.score_model,
        signals.signal_id as predictor,
        slices.dimension,
        slices.dimension_value,
        slices.account_id,
        slices.is_churned,
        slices.arr,
        -signals.signal_score as risk
    from {{ ref('int_backtest__slices') }} as slices
    inner join {{ ref('int_backtest__signals') }} as signals
        on
            slices.account_id = signals.account_id
            and slices.as_of_day = signals.as_of_day
    where slices.dimension in ('book', 'part')

),

final as (

    {{ ranked_clusters('ranked_rows') }}

)

select * from final
