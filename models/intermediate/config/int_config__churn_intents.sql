-- depends_on: {{ ref('int_checks__seeds') }}
select
    -- intents of tickets and conversations are compared in lower case, so is this one
    {{ lower_ascii('intent') }} as intent,
    keyword
from {{ ref('int_checks__seed_rows') }}
where seed_name = 'churn_intents'
