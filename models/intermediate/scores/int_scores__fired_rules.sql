-- rules fire in every band, also where they change nothing: people want to see them
with

rules as (

    select
        rule_id,
        score_model,
        signal_id,
        operator,
        value,
        coalesce(only_when_silent, false) as only_when_silent,
        best_band
    from {{ ref('int_config__band_rules') }}

),

measured as (

    select
        live.account_id,
        live.as_of_day,
        live.segment,
        rules.*,
        {{ signal_case('rules.signal_id', 'live') }} as measured_value
    from {{ ref('int_scores__live_values') }} as live
    cross join rules

),

-- a rule on a signal without a value does not fire
met as (

    select *
    from measured
    where
        case operator
            when '<' then measured_value < value - 0.000000001
            when '<=' then measured_value <= value + 0.000000001
            when '=' then abs(measured_value - value) <= 0.000000001
            when '>=' then measured_value >= value - 0.000000001
            when '>' then measured_value > value + 0.000000001
        end

),

fired as (

    select
        met.score_model,
        met.account_id,
        met.as_of_day,
        met.rule_id,
        thresholds.min_score as best_min_score
    from met
    inner join {{ ref('int_scores__segments') }} as segments
        on
            met.score_model = segments.score_model
            and met.segment = segments.segment
    inner join {{ ref('int_config__score_thresholds') }} as thresholds
        on
            segments.score_model = thresholds.score_model
            and segments.thresholds_segment = thresholds.segment
            and met.best_band = thresholds.band
    inner join {{ ref('int_scores__silence') }} as silence
        on
            met.account_id = silence.account_id
            and met.as_of_day = silence.as_of_day
    where silence.is_silent or not met.only_when_silent

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
