-- a score model that this company can hardly fill, and the streams that would help most: those its absent signals read
with

newest as (

    select max(as_of_day) as as_of_day
    from {{ ref('int_scores__as_of_dates') }}

),

weighed as (

    select
        weights.score_model,
        weights.weight,
        signals.reads,
        signal_days.as_of_day,
        signal_days.as_of_date,
        signal_days.company_reason,
        signal_days.is_absent
    from {{ ref('int_config__score_weights') }} as weights
    inner join {{ ref('int_config__score_models') }} as models
        on
            weights.score_model = models.score_model
            and models.is_published
    inner join {{ ref('int_config__signals') }} as signals
        on weights.signal_id = signals.signal_id
    inner join {{ ref('int_scores__signal_days') }} as signal_days
        on weights.signal_id = signal_days.signal_id
    inner join newest
        on signal_days.as_of_day = newest.as_of_day
    -- a segment with weights of its own may be filled better or worse; the default speaks for the model
    where weights.segment = '*'

),

coverage as (

    select
        score_model,
        as_of_date,
        sum(case when is_absent then 0 else weight end) / sum(weight) as model_coverage
    from weighed
    group by score_model, as_of_date

),

unfilled as (

    select
        score_model,
        as_of_day,
        weight,
        company_reason,
        stream
    from {{ with_parts('weighed', 'reads', ' ', 'stream') }}
    where is_absent

),

wanted as (

    select
        unfilled.score_model,
        unfilled.stream,
        sum(unfilled.weight) as weight,
        -- in the order of the alphabet, so that the worst of several wins
        min(
            case
                when streams.stream is null then 'no rows'
                when unfilled.company_reason = 'young' then 'too young'
                else 'values for too few accounts'
            end
        ) as why
    from unfilled
    left join {{ ref('int_scores__streams') }} as streams
        on
            unfilled.stream = streams.stream
            and unfilled.as_of_day = streams.as_of_day
    group by unfilled.score_model, unfilled.stream

),

placed as (

    select
        *,
        row_number() over (partition by score_model order by weight desc, stream asc) as place
    from wanted

),

advice as (

    select
        score_model,
        {{ ordered_listagg(
            "stream || ' (' || " ~ decimal_text('weight', 0) ~ " || ' %: ' || why || ')'",
            "', '",
            'cast(100 + place as ' ~ dbt.type_string() ~ ')'
        ) }} as streams
    from placed
    where place <= 5
    group by score_model

)

select
    'warning' as severity,
    'score model ' || coverage.score_model || ': only ' || {{ decimal_text('coverage.model_coverage * 100', 0) }}
    || ' % of its weight can be filled at ' || cast(coverage.as_of_date as {{ dbt.type_string() }})
    || '; filling ' || advice.streams || ' would help most.' as sentence
from coverage
inner join advice
    on coverage.score_model = advice.score_model
where coverage.model_coverage < 0.5 - 0.000000001
