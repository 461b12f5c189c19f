-- How a score came from one date to the other (scoring.md 9), as the scores on the way: as it was, the same signals
-- under the seeds of the later date, with its feeds, with all that it knows of, and as it is
with

weighed as (

    select
        score_model,
        account_id,
        as_of_date,
        compared_date,
        {{ safe_divide(exact_sum('earlier_share * earlier_score'), exact_sum('earlier_share')) }} as configured_score,
        {{ safe_divide(exact_sum('feeds_share * feeds_score'), exact_sum('feeds_share')) }} as feeds_score,
        {{ safe_divide(exact_sum('later_share * covered_score'), exact_sum('later_share')) }} as covered_score
    from {{ ref('int_movement__signals') }}
    group by score_model, account_id, as_of_date, compared_date

),

-- where nothing that is weighed today had a value then, everything came by coverage
final as (

    select
        pairs.score_model,
        pairs.account_id,
        pairs.as_of_date,
        pairs.compared_date,
        pairs.from_score_exact,
        coalesce(weighed.configured_score, pairs.from_score_exact) as configured_score,
        coalesce(weighed.feeds_score, weighed.configured_score, pairs.from_score_exact) as feeds_score,
        coalesce(weighed.covered_score, pairs.score_exact) as covered_score,
        pairs.score_exact
    from {{ ref('int_movement__pairs') }} as pairs
    inner join weighed
        on
            pairs.score_model = weighed.score_model
            and pairs.account_id = weighed.account_id
            and pairs.as_of_date = weighed.as_of_date
            and pairs.compared_date = weighed.compared_date

)

select * from final
