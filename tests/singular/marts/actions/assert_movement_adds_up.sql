-- the parts of every account's movement, and of the index's, add up to the published change; each part is rounded to
-- six decimals
with

movement as (

    select
        score_model,
        account_id,
        count(*) as parts,
        sum(points) as points,
        max(score_change_30d) as change
    from {{ ref('customer_health_movement') }}
    group by score_model, account_id
    union all
    select
        score_model,
        'the book' as account_id,
        count(*) as parts,
        sum(points) as points,
        max(index_change_30d) as change
    from {{ ref('customer_health_index_movement') }}
    group by score_model

)

select *
from movement
where abs(points - change) > 0.000001 * parts
