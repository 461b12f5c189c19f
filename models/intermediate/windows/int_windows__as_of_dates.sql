-- Nothing is scored on broken seeds or broken input: {{ ref('int_checks__seeds') }}, {{ ref('int_checks__raw_rows') }}
{{ config(materialized = 'incremental', full_refresh = false, unique_key = 'as_of_day') }}

with

first_day as (

    select {{ first_scored_day(this if is_incremental() else none) }} as asked_day

),

bounds as (

    select
        case
            when asked_day < {{ day_number(as_of_date()) }} then asked_day
            else {{ day_number(as_of_date()) }}
        end as first_day
    from first_day

),

days as (

    {{ day_series('(select first_day from bounds)', day_number(as_of_date())) }}

),

final as (

    select
        day_number as as_of_day,
        {{ date_from_day('day_number') }} as as_of_date
    from days

)

select * from final
{% if is_incremental() %}
where as_of_day not in (select stored.as_of_day from {{ this }} as stored)
{% endif %}
