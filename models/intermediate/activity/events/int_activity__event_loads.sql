-- Up to which load the events were read: the next run looks for rows that arrived later. Written after all that is made
-- of the events, so that a run that was killed on the way is not taken for one that read them:
-- {{ ref('int_activity__feature_days') }}
select max(newest_loaded_at) as newest_loaded_at
from {{ ref('int_activity__user_days') }}
