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
        {{ normalized_score('measured.measured_value', 'weights.normalization', 'weights.worst_value', 'weights.best_value', 'steps.normalized_score') }} as known_score,
        signal_days.company_reason is null
        and measured.measured_value is not null
        and measured.evidence_count >= weights.min_evidence as is_live,
        signal_days.is_absent
    from accounts
    inner join weights
        on accounts.score_model = weights.score_model
        and accounts.weights_segment = weights.segment
    inner join {{ ref('int_signals__long') }} as measured
        on accounts.account_id = measured.account_id
        and accounts.as_of_day = measured.as_of_day
        and weights.signal_id = measured.signal_id
    inner join {{ ref('int_scores__signal_days') }} as signal_days
        on weights.signal_id = signal_days.signal_id
        and accounts.as_of_day = signal_days.as_of_day
    left join {{ ref('int_scores__step_ranges') }} as steps
        on weights.signal_id = steps.signal_id
        and {{ reaches('measured.measured_value', 'steps.lower_bound') }}
        and not ({{ reaches('measured.measured_value', 'steps.upper_bound') }})

),

-- a missing signal's weight goes to the rest of its own group first
score_groups as (

    select
        score_model,
        account_id,
        as_of_day,
        score_group,
        sum(weight) as group_weight,
        sum(case when is_absent then 0 else weight end) as present_weight,
        sum(case when is_live then weight else 0 end) as live_weight,
        sum(case when is_live or not is_absent then weight else 0 end) as expected_weight,
        sum(case when is_live then weight * known_score else 0 end) as points,
        sum(case when is_live and bucket = 'usage' then weight end) as usage_weight,
        sum(case when is_live and bucket = 'usage' then weight * known_score end) as usage_points,
        sum(case when is_live and bucket = 'support' then weight end) as support_weight,
        sum(case when is_live and bucket = 'support' then weight * known_score end) as support_points,
        sum(case when is_live and bucket = 'relationship' then weight end) as relationship_weight,
        sum(case when is_live and bucket = 'relationship' then weight * known_score end) as relationship_points,
        sum(case when is_live and bucket = 'financial' then weight end) as financial_weight,
        sum(case when is_live and bucket = 'financial' then weight * known_score end) as financial_points
    from weighed
    group by score_model, account_id, as_of_day, score_group

),

final as (

    select
        score_model,
        account_id,
        as_of_day,
        sum(case when live_weight > 0 then group_weight * points / live_weight end)
        / sum(case when live_weight > 0 then group_weight end) as score,
        sum(case when expected_weight > 0 then group_weight * points / expected_weight end)
        / sum(case when expected_weight > 0 then group_weight end) as floor_score,
        sum(
            case
                when expected_weight > 0
                    then group_weight * (points + 100 * (expected_weight - live_weight)) / expected_weight
            end
        ) / sum(case when expected_weight > 0 then group_weight end) as ceiling_score,
        coalesce(sum(live_weight) / nullif(sum(expected_weight), 0), 0) as coverage,
        sum(present_weight) / sum(group_weight) as model_coverage,
        sum(usage_points) / sum(usage_weight) as usage_score,
        sum(support_points) / sum(support_weight) as support_score,
        sum(relationship_points) / sum(relationship_weight) as relationship_score,
        sum(financial_points) / sum(financial_weight) as financial_score
    from score_groups
    group by score_model, account_id, as_of_day

)

select * from final
