-- every intent that is a churn signal, and every ticket whose subject holds one of the keywords
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

-- by the ticket's id: what a customer wrote stays in staging
select distinct
    'subject' as matched_by,
    tickets.ticket_id as matched_text
from subjects
inner join keywords
    on {{ words('subjects.subject') }} like '%' || keywords.keyword_words || '%'
inner join {{ ref('stg_support__tickets') }} as tickets
    on subjects.subject = tickets.subject
