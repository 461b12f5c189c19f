-- every intent and every subject that is a churn signal, so that contacts join it by equality
with

keywords as (

    select distinct {{ words('keyword') }} as keyword_words
    from {{ ref('int_config__churn_intents') }}
    where keyword is not null

),

subjects as (

    select distinct subject
    from {{ ref('stg_support__tickets') }}
    where subject is not null

)

select distinct
    'intent' as matched_by,
    {{ lower_ascii('intent') }} as matched_text
from {{ ref('int_config__churn_intents') }}
where intent is not null

union all

select distinct
    'subject' as matched_by,
    subjects.subject as matched_text
from subjects
inner join keywords
    on {{ words('subjects.subject') }} like '%' || keywords.keyword_words || '%'
