{{ config(materialized = 'ephemeral') }}

-- everything that is news on a date of this run, in one shape
select
    score_model,
    'band_' || direction as alert_type,
    account_id,
    to_band as subject,
    as_of_date,
    from_band,
    cause
from {{ ref('int_alerts__settled_changes') }}
-- a feed or new weights moved half the book: that is said once, elsewhere
where not coalesce(is_company_wide, false)
union all
select
    score_model,
    alert_type,
    account_id,
    subject,
    as_of_date,
    cast(null as {{ dbt.type_string() }}) as from_band,
    cast(null as {{ dbt.type_string() }}) as cause
from {{ ref('int_alerts__news') }}
