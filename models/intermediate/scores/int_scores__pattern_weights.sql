-- What a signal weighs depends only on the segment, the live signals and the absent ones. A year of a book has some
-- thousand such patterns, so that shares are worked out for each of them and not for each account and day.
with

patterns as (

    select distinct
        segment,
        live_signals,
        absent_signals
    from {{ ref('int_scores__live_values') }}

),

weighed as (

    select
        segments.score_model,
        segments.segment,
        segments.is_published,
        patterns.live_signals,
        patterns.absent_signals,
        weights.score_group,
        weights.signal_id,
        weights.weight,
        {{ signal_flag('weights.signal_id', 'patterns.live_signals') }} as is_live,
        {{ signal_flag('weights.signal_id', 'patterns.absent_signals') }} as is_absent
    from patterns
    inner join {{ ref('int_scores__segments') }} as segments
        on patterns.segment = segments.segment
    inner join {{ ref('int_config__score_weights') }} as weights
        on
            segments.score_model = weights.score_model
            and segments.weights_segment = weights.segment
    inner join {{ ref('int_config__signals') }} as signals
        on weights.signal_id = signals.signal_id

),

expected as (

    select
        *,
        case when is_live then weight else 0 end as live_weight,
        case when is_live or not is_absent then weight else 0 end as expected_weight,
        case when is_absent then 0 else weight end as present_weight
    from weighed

),

score_groups as (

    select
        *,
        {{ exact_sum('weight', over='score_group_of_row') }} as group_weight,
        {{ exact_sum('live_weight', over='score_group_of_row') }} as live_group_weight,
        {{ exact_sum('expected_weight', over='score_group_of_row') }} as expected_group_weight
    from expected
    window
        score_group_of_row as (
            partition by score_model, segment, live_signals, absent_signals, score_group
        )

),

-- a missing signal's weight goes to the rest of its own group first; a group without any weighs nothing
final as (

    select
        score_model,
        segment,
        is_published,
        live_signals,
        absent_signals,
        signal_id,
        weight,
        live_weight,
        expected_weight,
        present_weight,
        {{ safe_divide('group_weight * live_weight', 'live_group_weight') }} as score_weight,
        {{ safe_divide('group_weight * live_weight', 'expected_group_weight') }} as floor_weight,
        {{ safe_divide('group_weight * expected_weight', 'expected_group_weight') }} as ceiling_weight
    from score_groups

)

select * from final
