-- the dates that this run scores (scoring.md 1)
with

stored as (

    select
        min({{ day_number('as_of_date') }}) as first_day,
        max({{ day_number('as_of_date') }}) as last_day
    from {{ ref('run__stored_dates') }}

),

asked as (

    select
        {{ day_number(as_of_date()) }} as as_of_day,
        {{ first_day_asked_for() }} as asked_day,
        {{ first_day_of_history() }} as history_day,
        stored.first_day as stored_first_day,
        stored.last_day as stored_last_day
    from stored

),

bounds as (

    select
        case
            when asked_day is not null then least(asked_day, as_of_day)
            when stored_last_day is null then least(history_day, as_of_day)
            when stored_last_day > as_of_day then as_of_day
            else greatest(stored_first_day, least(stored_last_day + 1, as_of_day - {{ var('restate_days') }}))
        end as first_day,
        as_of_day as last_day,
        case
            when asked_day is null and stored_last_day is not null then stored_last_day
            else {{ since_ever() }}
        end as restated_until_day
    from asked

),

days as (

    {{ day_series('(select first_day from bounds)', '(select last_day from bounds)') }}

),

-- a run that was killed or failed left dates half-done
unfinished as (

    select distinct {{ day_number('as_of_date') }} as as_of_day
    from {{ left_by_last_run('publishing', 'dates_to_publish', {'as_of_date': 'date'}) }}

),

final as (

    select
        days.day_number as as_of_day,
        -- scored before, and scored again only because rows may have come late
        days.day_number < bounds.last_day
        and days.day_number <= bounds.restated_until_day
        and unfinished.as_of_day is null as is_restated
    from days
    cross join bounds
    left join unfinished
        on days.day_number = unfinished.as_of_day
    union
    select
        unfinished.as_of_day,
        false as is_restated
    from unfinished

)

select
    as_of_day,
    {{ date_from_day('as_of_day') }} as as_of_date,
    is_restated
from final
