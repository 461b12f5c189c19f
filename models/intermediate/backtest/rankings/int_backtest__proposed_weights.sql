-- Where the evidence of the early dates would move the weights: towards what each signal showed alone, the less the
-- fewer churns it rests on, and no further than a person can follow (var max_weight_change)
with

early_rows as (

    select
        score_model,
        count(*) as panel_rows,
        count(distinct case when is_churned then account_id end) as churned_accounts
    from {{ ref('int_backtest__slices') }}
    where
        dimension = 'part'
        and dimension_value = 'early'
    group by score_model

),

weights as (

    select
        weights.score_model,
        weights.segment,
        weights.score_group,
        weights.signal_id,
        weights.weight,
        coalesce(early_rows.churned_accounts, 0) as churned_accounts,
        {{ safe_divide('coalesce(aucs.panel_rows, 0)', 'early_rows.panel_rows') }} as evidence_share,
        aucs.auc,
        aucs.auc_low,
        aucs.auc_high,
        -- a signal that points the wrong way is evidence of nothing
        case
            when aucs.auc > 0.5
                then (aucs.auc - 0.5) * {{ safe_divide('aucs.panel_rows', 'early_rows.panel_rows') }}
            else 0
        end as evidence
    from {{ ref('int_config__score_weights') }} as weights
    left join early_rows
        on weights.score_model = early_rows.score_model
    left join {{ ref('int_backtest__signal_aucs') }} as aucs
        on
            weights.score_model = aucs.score_model
            and weights.signal_id = aucs.predictor
            and aucs.dimension = 'part'
            and aucs.dimension_value = 'early'

),

-- with five times the churns that a figure needs, the evidence weighs as much as the present weights
shrunk as (

    select
        *,
        churned_accounts / (churned_accounts + 5.0 * {{ var('backtest_min_churns') }}) as shrinkage,
        {{ exact_sum('evidence', over='(partition by score_model, segment)') }} as all_evidence
    from weights

),

wanted as (

    select
        *,
        case when all_evidence > 0 then shrinkage * (100 * evidence / all_evidence - weight) else 0 end as wanted_change
    from shrunk

),

-- nothing leaves a model by a formula: half a point stays
bounded as (

    select
        *,
        case
            when wanted_change > {{ var('max_weight_change') }} then {{ var('max_weight_change') }}
            when
                wanted_change < -{{ var('max_weight_change') }}
                and weight - {{ var('max_weight_change') }} > 0.5
                then -{{ var('max_weight_change') }}
            when weight <= 0.5 and wanted_change < 0 then 0
            when weight + wanted_change < 0.5 then 0.5 - weight
            else wanted_change
        end as bounded_change
    from wanted

),

sums as (

    select
        *,
        {{ exact_sum('case when bounded_change > 0 then bounded_change else 0 end', over='model_weights') }} as gained,
        {{ exact_sum('case when bounded_change < 0 then -bounded_change else 0 end', over='model_weights') }} as lost
    from bounded
    window model_weights as (partition by score_model, segment)

),

-- what some gain the others lose
balanced as (

    select
        *,
        weight + case
            when bounded_change > 0 and gained > lost then bounded_change * lost / gained
            when bounded_change < 0 and lost > gained then bounded_change * gained / lost
            else bounded_change
        end as exact_weight
    from sums

),

-- in tenths that add up to 100: the greatest remainders are rounded up
tenths as (

    select
        *,
        floor(exact_weight * 10 + 0.0000001) as whole_tenths,
        1000 - sum(floor(exact_weight * 10 + 0.0000001)) over (partition by score_model, segment) as left_over,
        row_number() over (
            partition by score_model, segment
            order by
                {{ published('(exact_weight * 10 - floor(exact_weight * 10 + 0.0000001))', 6) }} desc,
                {{ as_bytes('signal_id') }} asc
        ) as place
    from balanced

),

final as (

    select
        score_model,
        segment,
        score_group,
        signal_id,
        weight,
        churned_accounts,
        evidence_share,
        auc,
        auc_low,
        auc_high,
        evidence,
        shrinkage,
        case
            when churned_accounts >= {{ var('backtest_min_churns') }}
                then (whole_tenths + case when place <= left_over then 1 else 0 end) / 10.0
        end as proposed_weight
    from tenths

)

select * from final
