-- what should change next quarter? Weights to review, each with its evidence, judged on dates that had no part in it
with

parts as (

    select
        min(case when panel_part = 'early' then as_of_date end) as early_from,
        max(case when panel_part = 'early' then as_of_date end) as early_until,
        min(case when panel_part = 'late' then as_of_date end) as late_from,
        max(case when panel_part = 'late' then as_of_date end) as late_until
    from {{ ref('int_backtest__dates') }}

),

late_scores as (

    select *
    from {{ ref('int_backtest__predictor_aucs') }}
    where
        dimension = 'part'
        and dimension_value = 'late'

),

contests as (

    select *
    from {{ ref('int_backtest__contests') }}
    where
        dimension = 'part'
        and dimension_value = 'late'
        and compared_with = 'proposed_weights'
        and compared_kind = 'baseline'

),

final as (

    select
        weights.score_model,
        weights.segment,
        weights.signal_id,
        weights.score_group,
        {{ published('weights.weight', 6) }} as current_weight,
        {{ published('weights.proposed_weight', 6) }} as proposed_weight,
        {{ published('(weights.proposed_weight - weights.weight)', 6) }} as weight_change,
        {{ told('weights.evidence', 'weights.churned_accounts') }} as evidence,
        {{ published('weights.evidence_share', 6) }} as evidence_share,
        {{ told('weights.auc', 'weights.churned_accounts') }} as auc,
        {{ told('weights.auc_low', 'weights.churned_accounts') }} as auc_low,
        {{ told('weights.auc_high', 'weights.churned_accounts') }} as auc_high,
        cast(weights.churned_accounts as bigint) as churned_accounts,
        {{ published('weights.shrinkage', 6) }} as shrinkage,
        parts.early_from,
        parts.early_until,
        parts.late_from,
        parts.late_until,
        {{ told('current_scores.auc', 'current_scores.churned_accounts') }} as current_auc,
        {{ told('current_scores.auc_low', 'current_scores.churned_accounts') }} as current_auc_low,
        {{ told('current_scores.auc_high', 'current_scores.churned_accounts') }} as current_auc_high,
        {{ told('proposed_scores.auc', 'proposed_scores.churned_accounts') }} as proposed_auc,
        {{ told('proposed_scores.auc_low', 'proposed_scores.churned_accounts') }} as proposed_auc_low,
        {{ told('proposed_scores.auc_high', 'proposed_scores.churned_accounts') }} as proposed_auc_high,
        {{ told('-contests.auc_difference', 'contests.churned_accounts') }} as auc_gain,
        {{ told('-contests.auc_difference_high', 'contests.churned_accounts') }} as auc_gain_low,
        {{ told('-contests.auc_difference_low', 'contests.churned_accounts') }} as auc_gain_high,
        cast(coalesce(current_scores.churned_accounts, 0) as bigint) as late_churned_accounts,
        case
            when parts.early_from is null then 'the history is too short for early and late dates'
            when weights.churned_accounts < {{ var('backtest_min_churns') }}
                then
                    'not enough churns (' || cast(weights.churned_accounts as {{ dbt.type_string() }}) || ' of '
                    || '{{ var("backtest_min_churns") }})'
            when weights.auc is null or weights.auc <= 0.5 then 'no evidence for it in the early dates'
        end as note
    from {{ ref('int_backtest__proposed_weights') }} as weights
    cross join parts
    left join late_scores as current_scores
        on
            weights.score_model = current_scores.score_model
            and current_scores.predictor = 'health_score'
    left join late_scores as proposed_scores
        on
            weights.score_model = proposed_scores.score_model
            and proposed_scores.predictor = 'proposed_weights'
    left join contests
        on weights.score_model = contests.score_model
    where {{ var('backtest_enabled') }}

)

select * from final
