-- the as-of dates that earlier runs scored: the index is written last, so a date that it holds is whole everywhere
select distinct as_of_date
from {{ left_by_last_run('marts', 'customer_health_index', {'as_of_date': 'date'}) }}
