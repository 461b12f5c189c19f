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
        max(case when streams.is_stale then 1 else 0 end) as has_stale_stream,
        max(
            case when streams.oldest_day > streams.as_of_day - signals.needs_days + 1 then 1 else 0 end
        ) as has_young_stream
    from signals
    inner join {{ ref('int_scores__streams') }} as streams
        on position(' ' || streams.stream || ' ' in ' ' || signals.reads || ' ') > 0
    group by signals.signal_id, streams.as_of_day

),

min_evidence as (

    select {{ signal_pivot('coalesce(min_evidence, 0)') }}
    from signals

),

-- accounts in scope on a day, and how many of them have a value, one column a signal
counted as (

    select
        inputs.as_of_day,
        count(*) as accounts_in_scope,
        {{ each_signal(
            "count(case when inputs.<signal>_evidence >= min_evidence.<signal> then inputs.<signal> end) as <signal>"
        ) }}
    from {{ ref('int_scores__inputs') }} as inputs
    cross join min_evidence
    group by inputs.as_of_day

),

states as (

    select
        signals.signal_id,
        as_of_dates.as_of_day,
        as_of_dates.as_of_date,
        case
            when read_streams.signal_id is null then 'no_source'
            when read_streams.has_stale_stream = 1 then 'stale'
            when read_streams.has_young_stream = 1 then 'young'
        end as company_reason,
        coalesce(counted.accounts_in_scope, 0) as accounts_in_scope,
        coalesce({{ signal_case('signals.signal_id', 'counted') }}, 0) as accounts_with_evidence
    from signals
    cross join {{ ref('int_scores__dates') }} as as_of_dates
    left join read_streams
        on
            signals.signal_id = read_streams.signal_id
            and as_of_dates.as_of_day = read_streams.as_of_day
    left join counted
        on as_of_dates.as_of_day = counted.as_of_day

),

valued as (

    select
        signal_id,
        as_of_day,
        as_of_date,
        company_reason,
        accounts_in_scope,
        case when company_reason is null then accounts_with_evidence else 0 end as accounts_with_value
    from states

),

final as (

    select
        *,
        -- fewer than 5 % have a value, and not because a feed broke
        coalesce(company_reason, '') <> 'stale' and accounts_with_value * 20 < accounts_in_scope as is_absent
    from valued

)

select * from final
