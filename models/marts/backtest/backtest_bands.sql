-- do the bands mean what they say?
with

figures as (

    select
        *,
        {{ safe_divide('all_churned_rows', 'all_panel_rows') }} as base_churn_rate,
        {{ safe_divide('churn_rate * all_panel_rows', 'all_churned_rows') }} as churn_lift,
        {{ safe_divide('panel_rows', 'all_panel_rows') }} as book_share,
        {{ wilson_bound('churn_rate', 'effective_rows', '-') }} as churn_rate_low,
        {{ wilson_bound('churn_rate', 'effective_rows', '+') }} as churn_rate_high,
        {{ wilson_bound('renewal_rate', 'effective_terms', '-') }} as renewal_rate_low,
        {{ wilson_bound('renewal_rate', 'effective_terms', '+') }} as renewal_rate_high
    from {{ ref('int_backtest__band_rates') }}

),

targets as (

    select
        score_model,
        band,
        max(case when figure = 'churn_rate' then target end) as target_churn_rate,
        max(case when figure = 'renewal_rate' then target end) as target_renewal_rate
    from {{ ref('int_config__calibration_targets') }}
    group by score_model, band

),

labels as (

    select
        score_model,
        band,
        band_label,
        cast(row_number() over (partition by score_model order by min_score) as integer) as band_order
    from {{ ref('int_config__score_thresholds') }}
    where segment = '*'

),

final as (

    select
        figures.score_model,
        figures.dimension,
        figures.dimension_value,
        figures.band,
        case figures.band
            when 'onboarding' then 'Onboarding'
            when 'insufficient_data' then 'Insufficient data'
            else coalesce(labels.band_label, figures.band)
        end as band_label,
        labels.band_order,
        cast(figures.panel_rows as bigint) as panel_rows,
        cast(figures.accounts as bigint) as accounts,
        cast(figures.churned_rows as bigint) as churned_rows,
        cast(figures.churned_accounts as bigint) as churned_accounts,
        {{ told('figures.churn_rate', 'figures.all_churned_accounts') }} as churn_rate,
        {{ told('figures.churn_rate_low', 'figures.all_churned_accounts') }} as churn_rate_low,
        {{ told('figures.churn_rate_high', 'figures.all_churned_accounts') }} as churn_rate_high,
        {{ told('figures.base_churn_rate', 'figures.all_churned_accounts') }} as base_churn_rate,
        {{ told('figures.churn_lift', 'figures.all_churned_accounts') }} as churn_lift,
        cast(figures.terms_ended as bigint) as terms_ended,
        cast(figures.terms_renewed as bigint) as terms_renewed,
        {{ told('figures.renewal_rate', 'figures.all_churned_accounts') }} as renewal_rate,
        {{ told('figures.renewal_rate_low', 'figures.all_churned_accounts') }} as renewal_rate_low,
        {{ told('figures.renewal_rate_high', 'figures.all_churned_accounts') }} as renewal_rate_high,
        {{ published('figures.book_share', 6) }} as book_share,
        {{ published('targets.target_churn_rate', 6) }} as target_churn_rate,
        case
            when figures.all_churned_accounts >= {{ var('backtest_min_churns') }}
                then {{ against_target(
                    'figures.churn_rate_low', 'figures.churn_rate_high', 'targets.target_churn_rate'
                ) }}
        end as churn_against_target,
        {{ published('targets.target_renewal_rate', 6) }} as target_renewal_rate,
        case
            when figures.all_churned_accounts >= {{ var('backtest_min_churns') }}
                then {{ against_target(
                    'figures.renewal_rate_low', 'figures.renewal_rate_high', 'targets.target_renewal_rate'
                ) }}
        end as renewal_against_target,
        {{ too_few_to_tell('figures.all_churned_accounts') }} as note
    from figures
    left join targets
        on
            figures.score_model = targets.score_model
            and figures.band = targets.band
    left join labels
        on
            figures.score_model = labels.score_model
            and figures.band = labels.band

)

select * from final
