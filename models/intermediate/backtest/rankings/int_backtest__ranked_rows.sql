-- every ranking of every slice
select
    slices.score_model,
    predictors.predictor,
    slices.dimension,
    slices.dimension_value,
    slices.account_id,
    slices.as_of_day,
    slices.csm_owner,
    slices.is_churned,
    slices.arr,
    predictors.risk,
    predictors.has_value
from {{ ref('int_backtest__slices') }} as slices
inner join {{ ref('int_backtest__predictors') }} as predictors
    on
        slices.score_model = predictors.score_model
        and slices.account_id = predictors.account_id
        and slices.as_of_day = predictors.as_of_day
-- a proposal has no score on the dates that it was made from
where predictors.predictor <> 'proposed_weights' or (slices.dimension = 'part' and slices.dimension_value = 'late')
