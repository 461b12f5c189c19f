-- Why the mean score of the book moved in the 30 days that end on the newest date: the movement of the accounts that
-- were scored at both ends, and who came and went between them
with

scored as (

    select
        newest.score_model,
        newest.account_id,
        newest.as_of_date,
        newest.health_score,
        newest.health_score - newest.score_change_30d as stayed_score,
        newest.score_change_30d is not null as has_stayed
    from {{ ref('customer_health_history') }} as newest
    where
        newest.as_of_date = {{ newest_scored_date() }}
        and newest.health_score is not null

),

earlier as (

    select
        score_model,
        {{ safe_divide('sum(health_score)', 'count(*)') }} as mean_score
    from {{ ref('customer_health_history') }}
    where
        as_of_date = {{ add_days(newest_scored_date(), -30) }}
        and health_score is not null
    group by score_model

),

means as (

    select
        scored.score_model,
        scored.as_of_date,
        count(scored.stayed_score) as stayed_accounts,
        {{ safe_divide('sum(scored.health_score)', 'count(*)') }} as mean_score,
        {{ safe_divide(
            'sum(case when scored.has_stayed then scored.health_score end)', 'count(scored.stayed_score)'
        ) }} as stayed_mean_score,
        {{ safe_divide('sum(scored.stayed_score)', 'count(scored.stayed_score)') }} as stayed_earlier_mean_score,
        max(earlier.mean_score) as earlier_mean_score
    from scored
    inner join earlier
        on scored.score_model = earlier.score_model
    group by scored.score_model, scored.as_of_date

),

published_means as (

    select
        *,
        cast({{ published('mean_score', 1) }} - {{ published('earlier_mean_score', 1) }} as {{ dbt.type_numeric() }})
            as index_change_30d
    from means
    where stayed_accounts > 0

),

parts as (

    select
        movement.score_model,
        movement.part,
        movement.signal_id,
        {{ exact_sum('movement.points') }} / max(means.stayed_accounts) as points
    from {{ ref('customer_health_movement') }} as movement
    inner join published_means as means
        on movement.score_model = means.score_model
    group by movement.score_model, movement.part, movement.signal_id
    union all
    select score_model, 'joined', '', mean_score - stayed_mean_score
    from published_means
    union all
    select score_model, 'left', '', stayed_earlier_mean_score - earlier_mean_score
    from published_means
    union all
    select score_model, 'rounding', '', index_change_30d - (mean_score - earlier_mean_score)
    from published_means

),

final as (

    select
        parts.score_model,
        means.as_of_date,
        {{ add_days('means.as_of_date', -30) }} as compared_with_date,
        parts.part,
        parts.signal_id,
        {{ published('sum(parts.points)', 6) }} as points,
        max(means.index_change_30d) as index_change_30d,
        cast(max(means.stayed_accounts) as bigint) as accounts_on_both_dates
    from parts
    inner join published_means as means
        on parts.score_model = means.score_model
    group by parts.score_model, means.as_of_date, parts.part, parts.signal_id

)

select * from final
