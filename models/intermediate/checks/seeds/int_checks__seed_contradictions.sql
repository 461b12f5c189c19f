-- rows that can be read and yet cannot mean what they say
with

seed_rows as (

    select
        *,
        {{ read_number('min_score') }} as min_score_read,
        {{ read_boolean('is_default') }} as is_default_read,
        {{ read_boolean('is_published') }} as is_published_read,
        {{ read_date('starts_on') }} as first_date,
        {{ read_date('expires_on') }} as last_date
    from {{ ref('int_checks__seed_rows') }}

),

findings as (

    select
        'error' as severity,
        seed_name,
        row_text,
        'the keyword "' || keyword || '" has no letter from a to z and no digit, so nothing can match it;'
        || ' write a word' as problem
    from seed_rows
    where seed_name = 'churn_intents' and not {{ matches('keyword', '.*[A-Za-z0-9].*') }}
    union all
    select
        'error' as severity,
        seed_name,
        row_text,
        'the band "' || band || '" is the name of a state without a score; write another name' as problem
    from seed_rows
    where seed_name = 'score_thresholds' and band in ('onboarding', 'insufficient_data')
    union all
    select
        'warning' as severity,
        seed_name,
        row_text,
        'no score reaches the min_score ' || min_score || '; write a number from 0 to 100' as problem
    from seed_rows
    where seed_name = 'score_thresholds' and min_score_read > 100
    union all
    select
        'error' as severity,
        seed_name,
        row_text,
        'the default model is not published; write true as is_published, or make another model the default' as problem
    from seed_rows
    where
        seed_name = 'score_models'
        and is_default_read
        and not is_published_read
    union all
    select
        'error' as severity,
        seed_name,
        row_text,
        'it ends on ' || expires_on || ', before it starts on ' || starts_on || '; write a later expires_on' as problem
    from seed_rows
    where last_date < first_date

)

select
    seed_name,
    row_text,
    severity,
    problem
from findings
