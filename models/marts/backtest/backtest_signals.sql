-- which signals earn their weight?
with

panel as (

    select score_model, count(*) as panel_rows
    from {{ ref('int_backtest__panel') }}
    where population = 'scored'
    group by score_model

),

weights as (

    select score_model, signal_id, weight
    from {{ ref('int_config__score_weights') }}
    where segment = '*'

),

figures as (

    select
        panel.score_model,
        signals.signal_id,
        signals.label,
        signals.bucket,
        signals.normalization,
        coalesce(weights.weight, 0) as weight,
        panel.panel_rows,
        coalesce(aucs.panel_rows, 0) as rows_with_value,
        {{ safe_divide('coalesce(aucs.panel_rows, 0)', 'panel.panel_rows') }} as evidence_share,
        coalesce(aucs.churned_accounts, 0) as churned_accounts,
        aucs.auc,
        aucs.auc_low,
        aucs.auc_high,
        distances.information_value,
        distances.psi
    from panel
    cross join {{ ref('int_config__signals') }} as signals
    left join weights
        on
            panel.score_model = weights.score_model
            and signals.signal_id = weights.signal_id
    left join {{ ref('int_backtest__signal_aucs') }} as aucs
        on
            panel.score_model = aucs.score_model
            and signals.signal_id = aucs.predictor
            and aucs.dimension = 'book'
    left join {{ ref('int_backtest__signal_distances') }} as distances
        on
            panel.score_model = distances.score_model
            and signals.signal_id = distances.signal_id

),

final as (

    select
        score_model,
        signal_id,
        label,
        bucket,
        {{ published('weight', 6) }} as weight,
        panel_rows,
        rows_with_value,
        {{ published('evidence_share', 6) }} as evidence_share,
        cast(churned_accounts as bigint) as churned_accounts,
        {{ told('auc', 'churned_accounts') }} as auc,
        {{ told('auc_low', 'churned_accounts') }} as auc_low,
        {{ told('auc_high', 'churned_accounts') }} as auc_high,
        {{ told('information_value', 'churned_accounts') }} as information_value,
        case
            when churned_accounts < {{ var('backtest_min_churns') }} then null
            when normalization is null then 'undeclared'
            when auc_low > 0.5 then 'as_declared'
            when auc_high < 0.5 then 'inverted'
            else 'unclear'
        end as direction,
        {{ published('psi', 6) }} as psi,
        case
            when evidence_share < 0.05 then 'dead'
            when churned_accounts < {{ var('backtest_min_churns') }} then 'not_enough_churns'
            when normalization is not null and auc_high < 0.5 then 'inverted'
            -- what nearly tells the outcome may have been written down after it
            when information_value > 0.5 then 'suspiciously_good'
            when auc_low > 0.5 or (normalization is null and auc_high < 0.5) then 'keep'
            when information_value < 0.02 then 'dead'
            else 'weak'
        end as verdict,
        {{ too_few_to_tell('churned_accounts') }} as note
    from figures

)

select * from final
