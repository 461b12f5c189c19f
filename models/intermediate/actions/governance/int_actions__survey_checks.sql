{{ config(materialized = 'ephemeral') }}

-- Is CSAT asked of few contacts of an account, and then of the pleased ones? The last 90 days of the newest date.
with

newest as (

    select max(as_of_date) as as_of_date
    from {{ ref('customer_health_signal_days') }}

),

asked as (

    select
        wide.account_id,
        wide.csat_average,
        wide.csat_average_evidence as responses,
        wide.escalation_rate_evidence as contacts
    from {{ ref('int_signals__wide') }} as wide
    inner join newest
        on wide.as_of_date = newest.as_of_date

),

book as (

    select
        sum(responses) as responses,
        {{ safe_divide('sum(responses)', 'sum(contacts)') }} as responses_per_contact,
        {{ exact_sum('csat_average * responses') }} / nullif(sum(responses), 0) as csat_average
    from asked
    where contacts > 0

),

compared as (

    select
        accounts.account_name,
        asked.account_id,
        asked.responses,
        asked.contacts,
        asked.csat_average,
        {{ safe_divide('asked.responses', 'asked.contacts') }} as responses_per_contact,
        book.csat_average as book_csat_average,
        book.responses_per_contact as book_responses_per_contact
    from asked
    inner join {{ ref('stg_crm__accounts') }} as accounts
        on asked.account_id = accounts.account_id
    cross join book
    where
        asked.contacts >= {{ var('gaming_min_contacts') }}
        -- without an answer there is no average that could have been chosen
        and asked.responses > 0

),

final as (

    select
        'survey_selection' as gaming_check,
        'account' as subject_kind,
        account_id as subject,
        responses_per_contact as observed,
        book_responses_per_contact as expected,
        contacts as rows_behind,
        responses_per_contact * {{ var('gaming_times_expected') }} < book_responses_per_contact
        and csat_average > book_csat_average as is_flagged,
        account_name || ': CSAT answers to ' || {{ decimal_text('contacts', 0) }} || ' contacts in 90 days: '
        || {{ decimal_text('responses', 0) }} || ' (' || {{ decimal_text('responses_per_contact', 2) }}
        || ' per contact, the book has ' || {{ decimal_text('book_responses_per_contact', 2) }}
        || '); their average is ' || {{ decimal_text('csat_average', 2) }} || ', that of the book '
        || {{ decimal_text('book_csat_average', 2) }} || '.' as sentence
    from compared

)

select * from final
