-- what holds for a signal and a date in the whole company: is its evidence there, young or stale, and is it absent
with

signals as (

    select signal_id, reads, needs_days, min_evidence
    from {{ ref('int_config__signals') }}

),

read_streams as (

    select
        signals.signal_id,
        streams.as_of_day,
        count(*) as live_streams,
        max(case when streams.is_stale then 1 else 0 end) as has_stale_stream,
        max(
            case when streams.oldest_day > streams.as_of_day - signals.needs_days + 1 then 1 else 0 end
        ) as has_young_stream
    from signals
    inner join {{ ref('int_windows__streams') }} as streams
        on position(' ' || streams.stream || ' ' in ' ' || signals.reads || ' ') > 0
    group by signals.signal_id, streams.as_of_day

),

states as (

    select
        signals.signal_id,
        signals.min_evidence,
        as_of_dates.as_of_day,
        as_of_dates.as_of_date,
        case
            when read_streams.live_streams is null then 'no_source'
            when read_streams.has_stale_stream = 1 then 'stale'
            when read_streams.has_young_stream = 1 then 'young'
        end as company_reason
    from signals
    cross join {{ ref('int_windows__as_of_dates') }} as as_of_dates
    left join read_streams
        on
            signals.signal_id = read_streams.signal_id
            and as_of_dates.as_of_day = read_streams.as_of_day

),

counted as (

    select
        states.signal_id,
        states.as_of_day,
        count(*) as accounts_in_scope,
        sum(
            case
                when
                    states.company_reason is null
                    and measured.measured_value is not null
                    and measured.evidence_count >= coalesce(states.min_evidence, 0)
                    then 1
                else 0
            end
        ) as accounts_with_value
    from states
    inner join {{ ref('int_signals__long') }} as measured
        on
            states.signal_id = measured.signal_id
            and states.as_of_day = measured.as_of_day
    group by states.signal_id, states.as_of_day

),

final as (

    select
        states.signal_id,
        states.as_of_day,
        states.as_of_date,
        states.company_reason,
        coalesce(counted.accounts_in_scope, 0) as accounts_in_scope,
        coalesce(counted.accounts_with_value, 0) as accounts_with_value,
        -- fewer than 5 % have a value, and not because a feed broke
        coalesce(states.company_reason, '') <> 'stale'
        and coalesce(counted.accounts_with_value, 0) * 20 < coalesce(counted.accounts_in_scope, 0) as is_absent
    from states
    left join counted
        on
            states.signal_id = counted.signal_id
            and states.as_of_day = counted.as_of_day

)

select * from final
