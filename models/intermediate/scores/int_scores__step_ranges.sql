-- a bound belongs to the step that it opens; the lowest step is open downwards, the highest upwards
select
    signal_id,
    case
        when row_number() over (partition by signal_id order by lower_bound) = 1 then -1e300
        else lower_bound
    end as lower_bound,
    lead(lower_bound, 1, 1e300) over (partition by signal_id order by lower_bound) as upper_bound,
    normalized_score
from {{ ref('int_config__signal_steps') }}
