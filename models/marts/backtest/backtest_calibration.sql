-- how does churn fall as the score rises?
with

scored as (

    select score_model, account_id, health_score, is_churned
    from {{ ref('int_backtest__panel') }}
    where population = 'scored'

),

scores as (

    select score_model, health_score, count(*) as rows_at
    from scored
    group by score_model, health_score

),

-- equal scores share a decile: that of their middle
deciles as (

    select
        score_model,
        health_score,
        cast(floor(
            ((2 * sum(rows_at) over up_to_score) - rows_at) * 10 / (2.0 * sum(rows_at) over (partition by score_model))
        ) as integer) + 1 as decile
    from scores
    window up_to_score as (
        partition by score_model order by health_score rows between unbounded preceding and current row
    )

),

grouped as (

    select
        scored.score_model,
        'decile' as grouping,
        deciles.decile as group_number,
        scored.account_id,
        scored.health_score,
        scored.is_churned
    from scored
    inner join deciles
        on
            scored.score_model = deciles.score_model
            and scored.health_score = deciles.health_score
    union all
    select score_model, 'ten_points', {{ ten_points('health_score') }}, account_id, health_score, is_churned
    from scored

),

accounts as (

    select
        score_model,
        grouping,
        group_number,
        account_id,
        min(health_score) as score_from,
        max(health_score) as score_to,
        count(*) as panel_rows,
        count(case when is_churned then 1 end) as churned_rows
    from grouped
    group by score_model, grouping, group_number, account_id

),

groups_of_scores as (

    select
        score_model,
        grouping,
        group_number,
        min(score_from) as score_from,
        max(score_to) as score_to,
        sum(panel_rows) as panel_rows,
        count(*) as accounts,
        sum(churned_rows) as churned_rows,
        count(case when churned_rows > 0 then 1 end) as churned_accounts,
        {{ safe_divide('sum(churned_rows)', 'sum(panel_rows)') }} as churn_rate,
        {{ effective_rows(
            'sum(panel_rows)', 'sum(churned_rows)', 'count(*)', 'sum(churned_rows * churned_rows)',
            'sum(churned_rows * panel_rows)', 'sum(panel_rows * panel_rows)'
        ) }} as effective_rows
    from accounts
    group by score_model, grouping, group_number

),

churned as (

    select score_model, count(distinct account_id) as churned_accounts
    from scored
    where is_churned
    group by score_model

),

figures as (

    select
        groups_of_scores.*,
        {{ wilson_bound('groups_of_scores.churn_rate', 'groups_of_scores.effective_rows', '-') }} as churn_rate_low,
        {{ wilson_bound('groups_of_scores.churn_rate', 'groups_of_scores.effective_rows', '+') }} as churn_rate_high,
        groups_of_scores.churned_rows * lag(groups_of_scores.panel_rows) over by_score
        > groups_of_scores.panel_rows * lag(groups_of_scores.churned_rows) over by_score as is_inverted,
        coalesce(churned.churned_accounts, 0) as all_churned_accounts
    from groups_of_scores
    left join churned
        on groups_of_scores.score_model = churned.score_model
    window by_score as (
        partition by groups_of_scores.score_model, groups_of_scores.grouping order by groups_of_scores.group_number
    )

),

final as (

    select
        score_model,
        grouping,
        group_number,
        score_from,
        score_to,
        cast(panel_rows as bigint) as panel_rows,
        cast(accounts as bigint) as accounts,
        cast(churned_rows as bigint) as churned_rows,
        cast(churned_accounts as bigint) as churned_accounts,
        {{ told('churn_rate', 'all_churned_accounts') }} as churn_rate,
        {{ told('churn_rate_low', 'all_churned_accounts') }} as churn_rate_low,
        {{ told('churn_rate_high', 'all_churned_accounts') }} as churn_rate_high,
        case when all_churned_accounts >= {{ var('backtest_min_churns') }} then coalesce(is_inverted, false) end
            as is_inverted,
        {{ too_few_to_tell('all_churned_accounts') }} as note
    from figures

)

select * from final
