-- The dates on which the scores are held against what came: ends of periods (var backtest_grain) that have 90 days of
-- evidence behind them and a closed outcome window before them
with

-- a date on which nobody was left closes windows too
stored as (

    select as_of_day, as_of_date
    from {{ ref('int_signals__wide') }}
    where {{ var('backtest_enabled') }}
    union
    select as_of_day, as_of_date
    from {{ ref('int_scores__as_of_dates') }}
    where {{ var('backtest_enabled') }}

),

bounds as (

    select
        min(as_of_day) + 90 as first_day,
        max(as_of_day) - {{ var('churn_horizon_days') }} as last_day,
        max(as_of_day) as known_until_day
    from stored

),

period_ends as (

    select
        stored.as_of_day,
        stored.as_of_date,
        cast(extract(year from stored.as_of_date) as {{ dbt.type_string() }}) || '-Q'
        || cast(extract(quarter from stored.as_of_date) as {{ dbt.type_string() }}) as quarter,
        bounds.known_until_day
    from stored
    inner join bounds
        on stored.as_of_day between bounds.first_day and bounds.last_day
    where
        case '{{ var("backtest_grain") }}'
            -- Sundays: 1970-01-01 was a Thursday
            when 'week' then stored.as_of_day % 7 = 3
            when 'month' then extract(day from {{ add_days('stored.as_of_date', 1) }}) = 1
            when 'quarter'
                then
                    extract(day from {{ add_days('stored.as_of_date', 1) }}) = 1
                    and extract(month from stored.as_of_date) in (3, 6, 9, 12)
        end

),

-- out of time: the outcome windows of the early dates have closed when the late ones begin
splits as (

    select
        late.as_of_day as late_from_day,
        count(case when dates.as_of_day + {{ var('churn_horizon_days') }} <= late.as_of_day then 1 end) as early_dates,
        count(case when dates.as_of_day >= late.as_of_day then 1 end) as late_dates
    from period_ends as late
    cross join period_ends as dates
    group by late.as_of_day

),

-- as even as can be; of equals the one with more early dates
placed_splits as (

    select
        late_from_day,
        row_number() over (
            order by case when early_dates < late_dates then early_dates else late_dates end desc, late_from_day desc
        ) as place
    from splits
    where early_dates > 0

),

final as (

    select
        period_ends.as_of_day,
        period_ends.as_of_date,
        period_ends.quarter,
        period_ends.known_until_day,
        case
            when period_ends.as_of_day >= split.late_from_day then 'late'
            when period_ends.as_of_day + {{ var('churn_horizon_days') }} <= split.late_from_day then 'early'
            else 'between'
        end as panel_part
    from period_ends
    left join placed_splits as split on split.place = 1

)

select * from final
