{{ config(post_hook = "{{ remember_dates_to_publish() }}") }}

-- the dates that are scored in this run: those that were measured, and older ones whose stored signals are weighed anew
select
    as_of_day,
    as_of_date
from {{ ref('int_windows__as_of_dates') }}
union
select
    {{ day_number('as_of_date') }} as as_of_day,
    as_of_date
from {{ ref('run__stored_dates') }}
where as_of_date >= {{ rescore_from() }}
