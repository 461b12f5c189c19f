-- does the score rank the accounts that left below the rest, and does it do better than what is to be had for nothing?
with

values_known as (

    select
        score_model,
        predictor,
        dimension,
        dimension_value,
        {{ safe_divide('count(case when has_value then 1 end)', 'count(*)') }} as value_share
    from {{ ref('int_backtest__ranked_rows') }}
    group by score_model, predictor, dimension, dimension_value

),

figures as (

    select
        aucs.*,
        values_known.value_share,
        worst.called_precision,
        {{ safe_divide('aucs.churned_rows', 'aucs.panel_rows') }} as churn_rate,
        {{ safe_divide('aucs.churned_in_tenth', 'aucs.churned_rows') }} as tenth_share,
        {{ safe_divide('aucs.churned_in_fifth', 'aucs.churned_rows') }} as fifth_share,
        {{ safe_divide('aucs.churned_arr_in_tenth', 'aucs.churned_arr') }} as arr_tenth_share,
        {{ safe_divide('aucs.churned_arr_in_fifth', 'aucs.churned_arr') }} as arr_fifth_share
    from {{ ref('int_backtest__predictor_aucs') }} as aucs
    inner join values_known
        on
            aucs.score_model = values_known.score_model
            and aucs.predictor = values_known.predictor
            and aucs.dimension = values_known.dimension
            and aucs.dimension_value = values_known.dimension_value
    left join {{ ref('int_backtest__worst_accounts') }} as worst
        on
            aucs.score_model = worst.score_model
            and aucs.predictor = worst.predictor
            and aucs.dimension = worst.dimension
            and aucs.dimension_value = worst.dimension_value

),

final as (

    select
        figures.score_model,
        figures.predictor,
        figures.dimension,
        figures.dimension_value,
        {{ predictor_kind('figures.predictor') }} as predictor_kind,
        case figures.predictor
            when 'health_score' then models.label
            when 'score_as_published' then models.label || ' as published on the day'
            when 'tenure' then 'Tenure alone'
            when 'days_since_last_login' then 'Days since the last login alone'
            when 'equal_weights' then 'Mean of the signals, equal weights'
            when 'best_single_signal' then 'Best single signal: ' || signals.label
            when 'proposed_weights' then models.label || ' under the proposed weights'
            else 'Score of ' || substring(figures.predictor, 10)
        end as predictor_label,
        figures.panel_rows,
        cast(figures.accounts as bigint) as accounts,
        figures.churned_rows,
        cast(figures.churned_accounts as bigint) as churned_accounts,
        {{ published('figures.churn_rate', 6) }} as churn_rate,
        {{ published('figures.value_share', 6) }} as value_share,
        {{ told('figures.auc', 'figures.churned_accounts') }} as auc,
        {{ told('figures.auc_low', 'figures.churned_accounts') }} as auc_low,
        {{ told('figures.auc_high', 'figures.churned_accounts') }} as auc_high,
        {{ told('figures.arr_auc', 'figures.churned_accounts') }} as arr_weighted_auc,
        {{ told('figures.arr_auc_low', 'figures.churned_accounts') }} as arr_weighted_auc_low,
        {{ told('figures.arr_auc_high', 'figures.churned_accounts') }} as arr_weighted_auc_high,
        {{ told('figures.tenth_share * 10', 'figures.churned_accounts') }} as top_decile_lift,
        {{ told('figures.tenth_share', 'figures.churned_accounts') }} as churner_share_lowest_10,
        {{ told('figures.fifth_share', 'figures.churned_accounts') }} as churner_share_lowest_20,
        {{ told('figures.arr_tenth_share', 'figures.churned_accounts') }} as churned_arr_share_lowest_10,
        {{ told('figures.arr_fifth_share', 'figures.churned_accounts') }} as churned_arr_share_lowest_20,
        {{ told('figures.called_precision', 'figures.churned_accounts') }} as worst_per_csm_precision,
        {{ too_few_to_tell('figures.churned_accounts') }} as note
    from figures
    inner join {{ ref('int_config__score_models') }} as models
        on figures.score_model = models.score_model
    left join {{ ref('int_backtest__best_signals') }} as best
        on figures.score_model = best.score_model
    left join {{ ref('int_config__signals') }} as signals
        on best.signal_id = signals.signal_id

)

select * from final
