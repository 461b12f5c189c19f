-- what is weighed in this run: the dates that are kept, and those of the backtest under today's seeds
select
    coalesce(kept.as_of_day, panel.as_of_day) as as_of_day,
    coalesce(kept.as_of_date, panel.as_of_date) as as_of_date,
    panel.as_of_day is not null as is_panel
from {{ ref('int_scores__as_of_dates') }} as kept
full outer join {{ ref('int_backtest__dates') }} as panel
    on kept.as_of_day = panel.as_of_day
