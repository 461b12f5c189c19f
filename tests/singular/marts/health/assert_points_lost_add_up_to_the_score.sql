-- the explanation adds up: 100 less all points lost is the score, and both kinds of weights make 100
with

scores as (

    select
        score_model,
        account_id,
        score_exact
    from {{ ref('customer_health_history') }}
    where
        as_of_date = {{ as_of_date() }}
        and score_exact is not null

),

explained as (

    select
        score_model,
        account_id,
        100 - sum(points_lost) as explained_score,
        sum(weight) as weights,
        sum(effective_weight) as effective_weights
    from {{ ref('customer_health_signals') }}
    where as_of_date = {{ as_of_date() }}
    group by score_model, account_id

)

select
    scores.score_model,
    scores.account_id,
    scores.score_exact,
    explained.explained_score,
    explained.weights,
    explained.effective_weights
from scores
left join explained
    on
        scores.score_model = explained.score_model
        and scores.account_id = explained.account_id
-- figures are published with six decimals, so the sum of them is off by a few millionths
where
    explained.account_id is null
    or abs(explained.explained_score - scores.score_exact) > 0.0001
    or abs(explained.weights - 100) > 0.0001
    or abs(explained.effective_weights - 100) > 0.0001
