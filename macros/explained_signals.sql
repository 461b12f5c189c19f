{# The explanation of every row of a history (score_model, account_id, as_of_date, segment, config_version): which signal
   cost how many points. Of all rows it is customer_health_signals; whoever needs few asks for few, because the view reads
   every day unless a constant names one. #}
{% macro explained_signals(history) %}
with

{{ weighed_signals(history) }},

score_groups as (

    select
        *,
        cast(sum({{ exact('weight') }}) over score_group_of_row as {{ type_double() }}) as group_weight,
        cast(sum({{ exact('live_weight') }}) over score_group_of_row as {{ type_double() }}) as live_group_weight
    from weighed
    window score_group_of_row as (partition by score_model, account_id, as_of_date, score_group)

),

effective as (

    select
        *,
        coalesce(
            100.0 * group_weight
            / cast(sum(case when live_group_weight > 0 then {{ exact('weight') }} end) over (
                partition by score_model, account_id, as_of_date
            ) as {{ type_double() }})
            * live_weight / live_group_weight,
            0
        ) as effective_weight
    from score_groups

),

final as (

    select
        score_model,
        account_id,
        as_of_date,
        signal_id,
        bucket,
        score_group,
        case when missing_reason is null then {{ published('measured_value', 6) }} end as signal_value,
        {{ published('normalized_score', 6) }} as normalized_score,
        {{ published('weight', 6) }} as weight,
        {{ published('effective_weight', 6) }} as effective_weight,
        {{ published('coalesce(effective_weight * (100 - normalized_score) / 100, 0)', 6) }} as points_lost,
        missing_reason is not null as is_missing,
        missing_reason,
        {{ published('evidence_count', 6) }} as evidence_count
    from effective

)

select * from final
{% endmacro %}


{# The part of it that looks at one signal at a time, as CTEs that end in `weighed`: every row of a history (score_model,
   account_id, as_of_date, segment, config_version) with each signal of its configuration, what it weighs and earns. #}
{% macro weighed_signals(history) %}
-- one read for four uses: reading the table four times makes long stretches of dates a fifth slower
configured as (

    select * from {{ ref('score_configurations') }}

),

own_weights as (

    select distinct config_version, segment
    from configured
    where seed = 'score_weights'

),

steps as (

    select
        config_version,
        signal_id,
        normalized_score,
        case
            when row_number() over (partition by config_version, signal_id order by lower_bound) = 1 then -1e300
            else lower_bound
        end as lower_bound,
        -- DuckDB 1.5 cannot read a view with the longer form of lead
        coalesce(
            lead(lower_bound) over (partition by config_version, signal_id order by lower_bound), 1e300
        ) as upper_bound
    from configured
    where seed = 'signal_steps'

),

measured as (

    select
        history.score_model,
        history.account_id,
        history.as_of_date,
        history.segment,
        history.config_version,
        coalesce(own_weights.segment, '*') as weights_segment,
        signals.signal_id,
        signals.bucket,
        signals.normalization,
        signals.worst_value,
        signals.best_value,
        {{ signal_case('signals.signal_id', 'measured') }} as measured_value,
        coalesce({{ signal_case('signals.signal_id', 'measured', '_evidence') }}, 0) as evidence_count,
        coalesce(signals.min_evidence, 0) as min_evidence,
        signal_days.company_reason
    from {{ history }} as history
    inner join configured as signals
        on
            history.config_version = signals.config_version
            and signals.seed = 'signals'
    inner join {{ ref('customer_health_signal_values') }} as measured
        on
            history.account_id = measured.account_id
            and history.as_of_date = measured.as_of_date
    inner join {{ ref('customer_health_signal_days') }} as signal_days
        on
            signals.signal_id = signal_days.signal_id
            and history.as_of_date = signal_days.as_of_date
    left join own_weights
        on
            history.config_version = own_weights.config_version
            and history.segment = own_weights.segment

),

reasoned as (

    select
        *,
        coalesce(
            company_reason,
            case
                when measured_value is null then 'no_evidence'
                when evidence_count < min_evidence then 'too_few'
            end
        ) as missing_reason
    from measured

),

weighed as (

    select
        reasoned.*,
        weights.score_group,
        coalesce(weights.weight, 0) as weight,
        case when reasoned.missing_reason is null then weights.weight end as live_weight,
        case
            when reasoned.missing_reason is null
                then {{ normalized_score(
                    'reasoned.measured_value', 'reasoned.normalization',
                    'reasoned.worst_value', 'reasoned.best_value', 'steps.normalized_score'
                ) }}
        end as normalized_score
    from reasoned
    left join configured as weights
        on
            reasoned.config_version = weights.config_version
            and weights.seed = 'score_weights'
            and reasoned.weights_segment = weights.segment
            and reasoned.signal_id = weights.signal_id
    left join steps
        on
            reasoned.config_version = steps.config_version
            and reasoned.signal_id = steps.signal_id
            and {{ reaches('reasoned.measured_value', 'steps.lower_bound') }}
            and not ({{ reaches('reasoned.measured_value', 'steps.upper_bound') }})

)
{% endmacro %}
