{{ config(materialized = 'ephemeral') }}

-- every day of a pair once, to be weighed by the configuration and the segment of the later one
select
    score_model,
    account_id,
    as_of_date,
    segment,
    config_version
from {{ ref('int_movement__pairs') }}
union
select
    score_model,
    account_id,
    compared_date as as_of_date,
    segment,
    config_version
from {{ ref('int_movement__pairs') }}
