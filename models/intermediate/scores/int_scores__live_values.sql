{{ config(materialized = 'view') }}

-- a signal's value is live where the company's evidence is there and sound, and the account's own is enough
with

signal_days as (

    select
        signal_days.as_of_day,
        signal_days.signal_id,
        signal_days.is_absent,
        case when signal_days.company_reason is null then coalesce(signals.min_evidence, 0) end as needed_evidence
    from {{ ref('int_scores__signal_days') }} as signal_days
    inner join {{ ref('int_config__signals') }} as signals
        on signal_days.signal_id = signals.signal_id

),

-- a row for each day; a value needs so much evidence, and null is more than any account has
days as (

    select
        as_of_day,
        {{ signal_pivot('needed_evidence') }},
        {{ signal_pivot('case when is_absent then 1 end', '_absent') }}
    from signal_days
    group by as_of_day

),

days_with_flags as (

    select
        as_of_day,
        {{ each_signal('<signal>') }},
        {{ signal_flags('<signal>_absent is not null') }} as absent_signals
    from days

),

live as (

    select
        inputs.account_id,
        inputs.as_of_day,
        inputs.segment,
        inputs.is_panel,
        days.absent_signals,
        {{ each_signal('case when inputs.<signal>_evidence >= days.<signal> then inputs.<signal> end as <signal>') }}
    from {{ ref('int_scores__inputs') }} as inputs
    inner join days_with_flags as days
        on inputs.as_of_day = days.as_of_day

),

final as (

    select
        account_id,
        as_of_day,
        segment,
        is_panel,
        {{ signal_flags('<signal> is not null') }} as live_signals,
        absent_signals,
        {{ each_signal('<signal>') }}
    from live

)

select * from final
