-- what moved the scores of the newest date in the 30 days that end on it (scoring.md 9)
with

splits as (

    select
        splits.*,
        history.score_change_30d
    from {{ ref('int_movement__splits') }} as splits
    inner join {{ ref('customer_health_history') }} as history
        on
            splits.score_model = history.score_model
            and splits.account_id = history.account_id
            and splits.as_of_date = history.as_of_date
    where
        history.as_of_date = {{ newest_scored_date() }}
        and splits.compared_date = {{ add_days('splits.as_of_date', -30) }}

),

shares as (

    select
        *,
        sum(later_share) over (partition by score_model, account_id, as_of_date, compared_date) as all_shares
    from {{ ref('int_movement__signals') }}

),

parts as (

    select
        score_model, account_id, as_of_date, compared_date, score_change_30d,
        'configuration' as part, '' as signal_id, cast(null as {{ dbt.type_string() }}) as bucket,
        configured_score - from_score_exact as points,
        cast(null as {{ type_double() }}) as earlier_score, cast(null as {{ type_double() }}) as later_score
    from splits
    union all
    select
        score_model, account_id, as_of_date, compared_date, score_change_30d,
        'coverage', '', null, covered_score - configured_score, null, null
    from splits
    union all
    select
        score_model, account_id, as_of_date, compared_date, score_change_30d,
        'rounding', '', null, score_change_30d - (score_exact - from_score_exact), null, null
    from splits
    union all
    select
        splits.score_model, splits.account_id, splits.as_of_date, splits.compared_date, splits.score_change_30d,
        'behaviour', shares.signal_id, shares.bucket,
        shares.later_share / shares.all_shares * (shares.later_score - shares.earlier_score),
        shares.earlier_score, shares.later_score
    from splits
    inner join shares
        on
            splits.score_model = shares.score_model
            and splits.account_id = shares.account_id
            and splits.as_of_date = shares.as_of_date
            and splits.compared_date = shares.compared_date
    where
        shares.earlier_score is not null
        and shares.later_score is not null

),

final as (

    select
        score_model,
        account_id,
        as_of_date,
        compared_date as compared_with_date,
        part,
        signal_id,
        bucket,
        {{ published('points', 6) }} as points,
        {{ published('earlier_score', 6) }} as normalized_score_then,
        {{ published('later_score', 6) }} as normalized_score_now,
        score_change_30d
    from parts

)

select * from final
