-- signals are normalized and weighed, then added up to groups, then groups to the score (README.md)
with

accounts as (

    select
        accounts.account_id,
        accounts.as_of_day,
        segments.score_model,
        segments.weights_segment
    from {{ ref('int_windows__accounts') }} as accounts
    inner join {{ ref('int_scores__segments') }} as segments
        on accounts.segment = segments.segment

),

weights as (

    select
        weights.score_model,
        weights.segment,
        weights.score_group,
        weights.signal_id,
        weights.weight,
        signals.bucket,
        signals.normalization,
        signals.worst_value,
        signals.best_value,
        coalesce(signals.min_evidence, 0) as min_evidence
    from {{ ref('int_config__score_weights') }} as weights
    inner join {{ ref('int_config__signals') }} as signals
        on weights.signal_id = signals.signal_id

),

weighed as (

    select
        accounts.score_model,
        accounts.account_id,
        accounts.as_of_day,
        weights.score_group,
        weights.bucket,
        weights.weight,
        {{ normalized_score(
            'measured.measured_value', 'weights.normalization',
            'weights.worst_value', 'weights.best_value', 'steps.normalized_score'
        ) }} as known_score,
        signal_days.company_reason is null
        and measured.measured_value is not null
        and measured.evidence_count >= weights.min_evidence as is_live,
        signal_days.is_absent
    from accounts
    inner join weights
        on
            accounts.score_model = weights.score_model
            and accounts.weights_segment = weights.segment
    inner join {{ ref('int_signals__long') }} as measured
        on
            accounts.account_id = measured.account_id
            and accounts.as_of_day = measured.as_of_day
            and weights.signal_id = measured.signal_id
    inner join {{ ref('int_scores__signal_days') }} as signal_days
        on
            weights.signal_id = signal_days.signal_id
            and accounts.as_of_day = signal_days.as_of_day
    left join {{ ref('int_scores__step_ranges') }} as steps
        on
            weights.signal_id = steps.signal_id
            and {{ reaches('measured.measured_value', 'steps.lower_bound') }}
            and not ({{ reaches('measured.measured_value', 'steps.upper_bound') }})

),

-- a missing signal's weight goes to the rest of its own group first; exact sums, because sums of doubles
-- depend on the order in which an engine happens to add
score_groups as (

    select
        score_model,
        account_id,
        as_of_day,
        score_group,
        sum({{ exact('weight') }}) as group_weight,
        sum(case when is_absent then 0 else {{ exact('weight') }} end) as present_weight,
        sum(case when is_live then {{ exact('weight') }} else 0 end) as live_weight,
        sum(case when is_live or not is_absent then {{ exact('weight') }} else 0 end) as expected_weight,
        sum(case when is_live then {{ exact('weight * known_score') }} else 0 end) as points,
        sum(case when is_live and bucket = 'usage' then {{ exact('weight') }} end) as usage_weight,
        sum(case when is_live and bucket = 'usage' then {{ exact('weight * known_score') }} end) as usage_points,
        sum(case when is_live and bucket = 'support' then {{ exact('weight') }} end) as support_weight,
        sum(case when is_live and bucket = 'support' then {{ exact('weight * known_score') }} end) as support_points,
        sum(case when is_live and bucket = 'relationship' then {{ exact('weight') }} end) as relationship_weight,
        sum(
            case when is_live and bucket = 'relationship' then {{ exact('weight * known_score') }} end
        ) as relationship_points,
        sum(case when is_live and bucket = 'financial' then {{ exact('weight') }} end) as financial_weight,
        sum(case when is_live and bucket = 'financial' then {{ exact('weight * known_score') }} end) as financial_points
    from weighed
    group by score_model, account_id, as_of_day, score_group

),

shares as (

    select
        *,
        {{ safe_divide('points', 'live_weight') }} as live_score,
        {{ safe_divide('points', 'expected_weight') }} as floor_score,
        {{ safe_divide('points + 100 * (expected_weight - live_weight)', 'expected_weight') }} as ceiling_score
    from score_groups

),

totals as (

    select
        score_model,
        account_id,
        as_of_day,
        sum({{ exact('group_weight * live_score') }}) as weighted_live,
        sum(case when live_weight > 0 then group_weight end) as weight_of_live_groups,
        sum({{ exact('group_weight * floor_score') }}) as weighted_floor,
        sum({{ exact('group_weight * ceiling_score') }}) as weighted_ceiling,
        sum(case when expected_weight > 0 then group_weight end) as weight_of_expected_groups,
        sum(live_weight) as live_weight,
        sum(expected_weight) as expected_weight,
        sum(present_weight) as present_weight,
        sum(group_weight) as all_weight,
        sum(usage_points) as usage_points,
        sum(usage_weight) as usage_weight,
        sum(support_points) as support_points,
        sum(support_weight) as support_weight,
        sum(relationship_points) as relationship_points,
        sum(relationship_weight) as relationship_weight,
        sum(financial_points) as financial_points,
        sum(financial_weight) as financial_weight
    from shares
    group by score_model, account_id, as_of_day

),

final as (

    select
        score_model,
        account_id,
        as_of_day,
        {{ safe_divide('weighted_live', 'weight_of_live_groups') }} as score,
        {{ safe_divide('weighted_floor', 'weight_of_expected_groups') }} as floor_score,
        {{ safe_divide('weighted_ceiling', 'weight_of_expected_groups') }} as ceiling_score,
        coalesce({{ safe_divide('live_weight', 'expected_weight') }}, 0) as coverage,
        {{ safe_divide('present_weight', 'all_weight') }} as model_coverage,
        {{ safe_divide('usage_points', 'usage_weight') }} as usage_score,
        {{ safe_divide('support_points', 'support_weight') }} as support_score,
        {{ safe_divide('relationship_points', 'relationship_weight') }} as relationship_score,
        {{ safe_divide('financial_points', 'financial_weight') }} as financial_score
    from totals

)

select * from final
