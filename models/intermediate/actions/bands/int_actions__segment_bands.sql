-- the bands that hold for the accounts of a segment under a configuration: its own, where the model has any, else
-- those of *
with

known as (

    select distinct
        history.config_version,
        history.segment
    from {{ ref('customer_health_history') }} as history
    where history.as_of_date >= {{ first_scored_date(91) }}

),

own as (

    select distinct config_version, segment
    from {{ ref('int_actions__bands') }}

)

select
    known.config_version,
    known.segment,
    ranges.band,
    ranges.band_label,
    ranges.min_score,
    ranges.next_min_score,
    ranges.is_best,
    ranges.is_worst
from known
left join own
    on
        known.config_version = own.config_version
        and known.segment = own.segment
inner join {{ ref('int_actions__bands') }} as ranges
    on
        known.config_version = ranges.config_version
        and coalesce(own.segment, '*') = ranges.segment
