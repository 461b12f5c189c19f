{{ config(materialized = 'table') }}

-- 64-bit hashes find the few ids that may be delivered twice at a fifth of the price of a sort. A table, because an
-- engine that does not know how few they are joins the wrong way round.
select {{ hash_64('event_id') }} as event_id_hash
from {{ ref('stg_product__usage_events_tonight') }}
where event_id is not null
group by {{ hash_64('event_id') }}
having count(*) > 1
