-- how early was it seen? By computed_band, as published on the days
with

days_before as (

    select 180 as days_before
    union all
    select 90
    union all
    select 60
    union all
    select 30

),

churns as (

    select
        score_model,
        count(*) as churns,
        count(distinct account_id) as churned_accounts,
        count(warning_days) as warned_churns,
        percentile_cont(0.5) within group (order by warning_days) as median_warning_days
    from {{ ref('int_backtest__churn_reviews') }}
    group by score_model

),

seen as (

    select
        score_model,
        days_before,
        count(health_score) as scored_churns,
        count(case when is_flagged then 1 end) as flagged_churns
    from {{ ref('int_backtest__churn_days') }}
    group by score_model, days_before

),

figures as (

    select
        churns.score_model,
        days_before.days_before,
        churns.churns,
        churns.churned_accounts,
        coalesce(seen.scored_churns, 0) as scored_churns,
        coalesce(seen.flagged_churns, 0) as flagged_churns,
        {{ safe_divide('coalesce(seen.flagged_churns, 0)', 'churns.churns') }} as flagged_share,
        churns.warned_churns,
        churns.median_warning_days
    from churns
    cross join days_before
    left join seen
        on
            churns.score_model = seen.score_model
            and days_before.days_before = seen.days_before

),

final as (

    select
        score_model,
        days_before,
        churns,
        scored_churns,
        flagged_churns,
        {{ told('flagged_share', 'churned_accounts') }} as flagged_share,
        {{ told(wilson_bound('flagged_share', 'churns', '-'), 'churned_accounts') }} as flagged_share_low,
        {{ told(wilson_bound('flagged_share', 'churns', '+'), 'churned_accounts') }} as flagged_share_high,
        warned_churns,
        {{ told('median_warning_days', 'churned_accounts', 1) }} as median_warning_days,
        {{ too_few_to_tell('churned_accounts') }} as note
    from figures

)

select * from final
