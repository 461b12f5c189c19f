-- a score is a sum over the signals: what each weighs (int_scores__pattern_weights) times what it earns, 0 to 100
with

-- what is not live weighs nothing; its null would swallow the sum
normalized as (

    select
        account_id,
        as_of_day,
        segment,
        live_signals,
        absent_signals,
        {{ each_signal('coalesce(<signal>, 0) as <signal>') }}
    from {{ ref('int_scores__normalized') }}

),

weighed as (

    select
        weights.*,
        signals.bucket
    from {{ ref('int_scores__pattern_weights') }} as weights
    inner join {{ ref('int_config__signals') }} as signals
        on weights.signal_id = signals.signal_id

),

weights as (

    select
        score_model,
        segment,
        is_published,
        live_signals,
        absent_signals,
        coalesce({{ safe_divide(exact_sum('live_weight'), exact_sum('expected_weight')) }}, 0) as coverage,
        {{ safe_divide(exact_sum('present_weight'), exact_sum('weight')) }} as model_coverage,
        {{ exact_sum('score_weight') }} as score_weight,
        {{ exact_sum('floor_weight') }} as floor_weight,
        {{ exact_sum('ceiling_weight') }} as ceiling_weight,
        {{ exact_sum("case when bucket = 'usage' then live_weight end") }} as usage_weight,
        {{ exact_sum("case when bucket = 'support' then live_weight end") }} as support_weight,
        {{ exact_sum("case when bucket = 'relationship' then live_weight end") }} as relationship_weight,
        {{ exact_sum("case when bucket = 'financial' then live_weight end") }} as financial_weight,
        {{ signal_pivot('score_weight', '_score', otherwise=0) }},
        {{ signal_pivot('floor_weight', '_floor', otherwise=0) }},
        {{ signal_pivot("case when bucket = 'usage' then live_weight end", '_usage', otherwise=0) }},
        {{ signal_pivot("case when bucket = 'support' then live_weight end", '_support', otherwise=0) }},
        {{ signal_pivot("case when bucket = 'relationship' then live_weight end", '_relationship', otherwise=0) }},
        {{ signal_pivot("case when bucket = 'financial' then live_weight end", '_financial', otherwise=0) }}
    from weighed
    group by score_model, segment, is_published, live_signals, absent_signals

),

points as (

    select
        weights.*,
        normalized.account_id,
        normalized.as_of_day,
        {{ signal_sum('weights.<signal>_score * normalized.<signal>') }} as score_points,
        {{ signal_sum('weights.<signal>_floor * normalized.<signal>') }} as floor_points,
        {{ signal_sum('weights.<signal>_usage * normalized.<signal>') }} as usage_points,
        {{ signal_sum('weights.<signal>_support * normalized.<signal>') }} as support_points,
        {{ signal_sum('weights.<signal>_relationship * normalized.<signal>') }} as relationship_points,
        {{ signal_sum('weights.<signal>_financial * normalized.<signal>') }} as financial_points
    from normalized
    inner join weights
        on
            normalized.segment = weights.segment
            and normalized.live_signals = weights.live_signals
            and normalized.absent_signals = weights.absent_signals
    inner join {{ ref('int_scores__dates') }} as dates
        on normalized.as_of_day = dates.as_of_day
    -- a candidate is scored for the backtest only
    where weights.is_published or dates.is_panel

),

final as (

    select
        score_model,
        account_id,
        as_of_day,
        {{ safe_divide('score_points', 'score_weight') }} as score,
        {{ safe_divide('floor_points', 'ceiling_weight') }} as floor_score,
        -- what is missing earns 0 in the floor and 100 in the ceiling
        {{ safe_divide('floor_points + 100 * (ceiling_weight - floor_weight)', 'ceiling_weight') }} as ceiling_score,
        coverage,
        model_coverage,
        {{ safe_divide('usage_points', 'usage_weight') }} as usage_score,
        {{ safe_divide('support_points', 'support_weight') }} as support_score,
        {{ safe_divide('relationship_points', 'relationship_weight') }} as relationship_score,
        {{ safe_divide('financial_points', 'financial_weight') }} as financial_score
    from points

)

select * from final
