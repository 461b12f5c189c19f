-- the late rows as the proposed weights would have scored them (scoring.md 6, steps 1 and 2)
with

weighed as (

    select
        panel.score_model,
        panel.account_id,
        panel.as_of_day,
        weights.score_group,
        weights.proposed_weight,
        sum({{ exact('weights.proposed_weight') }}) over score_group_of_row as group_weight,
        signals.signal_score
    from {{ ref('int_backtest__panel') }} as panel
    inner join {{ ref('int_backtest__proposed_weights') }} as weights
        on
            panel.score_model = weights.score_model
            and panel.weights_segment = weights.segment
            and weights.proposed_weight is not null
    left join {{ ref('int_backtest__signals') }} as signals
        on
            panel.account_id = signals.account_id
            and panel.as_of_day = signals.as_of_day
            and weights.signal_id = signals.signal_id
    where
        panel.population = 'scored'
        and panel.panel_part = 'late'
    window score_group_of_row as (
        partition by panel.score_model, panel.account_id, panel.as_of_day, weights.score_group
    )

),

-- a missing signal's weight goes to the rest of its own group first
score_groups as (

    select
        score_model,
        account_id,
        as_of_day,
        max(group_weight) as group_weight,
        {{ safe_divide(exact_sum('proposed_weight * signal_score'), exact_sum('proposed_weight')) }} as group_score
    from weighed
    where signal_score is not null
    group by score_model, account_id, as_of_day, score_group

),

final as (

    select
        score_model,
        account_id,
        as_of_day,
        {{ published(safe_divide(exact_sum('group_weight * group_score'), exact_sum('group_weight')), 1) }}
            as proposed_score
    from score_groups
    group by score_model, account_id, as_of_day

)

select * from final
