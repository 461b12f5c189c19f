-- a signal without evidence is a row too: each score has one row for each signal of the configuration
with

configured as (

    select count(*) as signals
    from {{ ref('int_config__signals') }}

),

scores as (

    select
        score_model,
        account_id
    from {{ ref('customer_health_history') }}
    where as_of_date = {{ as_of_date() }}

),

explained as (

    select
        score_model,
        account_id,
        count(*) as signal_rows,
        count(distinct signal_id) as signals
    from {{ ref('customer_health_signals') }}
    where as_of_date = {{ as_of_date() }}
    group by score_model, account_id

)

select
    scores.score_model,
    scores.account_id,
    configured.signals as configured_signals,
    explained.signal_rows,
    explained.signals
from scores
cross join configured
left join explained
    on
        scores.score_model = explained.score_model
        and scores.account_id = explained.account_id
where
    explained.account_id is null
    or explained.signal_rows <> configured.signals
    or explained.signals <> configured.signals
