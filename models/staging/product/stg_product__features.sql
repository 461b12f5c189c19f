select
    feature_id,
    feature_name,
    is_core,
    released_at,
    loaded_at
from {{ ref('stg_product__features_checked') }}
where reject_reason is null
