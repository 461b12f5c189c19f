-- a calendar for MetricFlow; of customer_health_signal_days, because the history has no row of a day on which everybody
-- had left
with

bounds as (

    select
        min({{ day_number('as_of_date') }}) as first_day,
        max({{ day_number('as_of_date') }}) as last_day
    from {{ ref('customer_health_signal_days') }}

),

days as (

    {{ day_series('(select first_day from bounds)', '(select last_day from bounds)') }}

),

final as (

    select {{ date_from_day('day_number') }} as date_day
    from days

)

select * from final
