-- any two score models on the rows that both score; the key of a pair is both names
with

scored as (

    select score_model, account_id, as_of_day, segment, panel_part, is_churned, health_score, coalesce(arr, 0) as arr
    from {{ ref('int_backtest__panel') }}
    where population = 'scored'

),

pairs as (

    select
        one.score_model || '|' || other.score_model as pair,
        one.score_model as one_model,
        other.score_model as other_model,
        one.account_id,
        one.segment,
        one.panel_part,
        one.is_churned,
        one.arr,
        one.health_score as one_score,
        other.health_score as other_score
    from scored as one
    inner join scored as other
        on
            one.account_id = other.account_id
            and one.as_of_day = other.as_of_day
            and one.score_model < other.score_model

),

ranked_models as (

    select pair, one_model as predictor, account_id, segment, panel_part, is_churned, arr, -one_score as risk
    from pairs
    union all
    select pair, other_model, account_id, segment, panel_part, is_churned, arr, -other_score
    from pairs

),

ranked_rows as (

    select
        pair as score_model, predictor, 'book' as dimension, 'all' as dimension_value, account_id, is_churned, arr, risk
    from ranked_models
    union all
    select pair, predictor, 'segment', segment, account_id, is_churned, arr, risk
    from ranked_models
    union all
    select pair, predictor, 'part', panel_part, account_id, is_churned, arr, risk
    from ranked_models
    where panel_part in ('early', 'late')

),

final as (

    {{ ranked_clusters('ranked_rows') }}

)

select * from final
