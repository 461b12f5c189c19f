{{ config(materialized = 'view') }}

-- what is known of each account on the dates to be scored, from this run or an earlier one
select
    wide.*,
    dates.is_panel
from {{ ref('int_signals__wide') }} as wide
inner join {{ ref('int_scores__dates') }} as dates
    on wide.as_of_date = dates.as_of_date
