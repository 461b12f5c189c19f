-- rules fire in every band, also where they change nothing: people want to see them
with

accounts as (

    select
        accounts.account_id,
        accounts.as_of_day,
        segments.score_model,
        segments.thresholds_segment,
        silence.is_silent
    from {{ ref('int_windows__accounts') }} as accounts
    inner join {{ ref('int_scores__segments') }} as segments
        on accounts.segment = segments.segment
    inner join {{ ref('int_scores__silence') }} as silence
        on
            accounts.account_id = silence.account_id
            and accounts.as_of_day = silence.as_of_day

),

rules as (

    select
        rules.rule_id,
        rules.score_model,
        rules.signal_id,
        rules.operator,
        rules.value,
        rules.only_when_silent,
        rules.best_band,
        coalesce(signals.min_evidence, 0) as min_evidence
    from {{ ref('int_config__band_rules') }} as rules
    inner join {{ ref('int_config__signals') }} as signals
        on rules.signal_id = signals.signal_id

),

-- a rule on a signal without a value does not fire
fired as (

    select
        accounts.score_model,
        accounts.account_id,
        accounts.as_of_day,
        rules.rule_id,
        thresholds.min_score as best_min_score
    from accounts
    inner join rules
        on accounts.score_model = rules.score_model
    inner join {{ ref('int_signals__long') }} as measured
        on
            accounts.account_id = measured.account_id
            and accounts.as_of_day = measured.as_of_day
            and rules.signal_id = measured.signal_id
            and rules.min_evidence <= measured.evidence_count
    inner join {{ ref('int_scores__signal_days') }} as signal_days
        on
            rules.signal_id = signal_days.signal_id
            and accounts.as_of_day = signal_days.as_of_day
            and signal_days.company_reason is null
    inner join {{ ref('int_config__score_thresholds') }} as thresholds
        on
            accounts.score_model = thresholds.score_model
            and accounts.thresholds_segment = thresholds.segment
            and rules.best_band = thresholds.band
    where
        (accounts.is_silent or not coalesce(rules.only_when_silent, false))
        and case rules.operator
            when '<' then measured.measured_value < rules.value - 0.000000001
            when '<=' then measured.measured_value <= rules.value + 0.000000001
            when '=' then abs(measured.measured_value - rules.value) <= 0.000000001
            when '>=' then measured.measured_value >= rules.value - 0.000000001
            when '>' then measured.measured_value > rules.value + 0.000000001
        end

),

final as (

    select
        score_model,
        account_id,
        as_of_day,
        {{ ordered_listagg('rule_id', "','", 'rule_id') }} as fired_rules,
        min(best_min_score) as best_min_score
    from fired
    group by score_model, account_id, as_of_day

)

select * from final
