-- the days on which a contact is a repeat: another one of its account and topic stands at most 30 days before it
with

contacts as (

    select
        account_id,
        topic,
        contact_type,
        contact_id,
        contacted_at,
        contact_day,
        topic_from_day,
        contact_until_day,
        -- known from its first day for good, as nearly all are; the rest depends on the date of the look
        topic_from_day = contact_day and contact_until_day = {{ never() }} as is_settled
    from {{ ref('int_activity__contacts') }}
    where topic is not null

),

ordered as (

    select
        *,
        max(case when is_settled then contact_day end) over (
            partition by account_id, topic
            order by contacted_at, contact_id, contact_type
            rows between unbounded preceding and 1 preceding
        ) as previous_settled_day
    from contacts

),

surely_repeated as (

    select
        account_id,
        contact_type,
        contact_id,
        contact_day,
        topic_from_day as counts_from_day,
        contact_until_day as counts_until_day
    from ordered
    where contact_day - previous_settled_day <= 30

),

-- of contacts alike in days the first one stands for all: what is later than any of them is later than it
unsettled as (

    select
        *,
        row_number() over (
            partition by account_id, topic, contact_day, topic_from_day, contact_until_day
            order by contacted_at, contact_id, contact_type
        ) as place
    from contacts
    where not is_settled

),

-- as long as both are contacts with that topic
sometimes_repeated as (

    select
        later.account_id,
        later.contact_type,
        later.contact_id,
        later.contact_day,
        case
            when earlier.topic_from_day > later.topic_from_day then earlier.topic_from_day
            else later.topic_from_day
        end as both_from_day,
        case
            when earlier.contact_until_day < later.contact_until_day then earlier.contact_until_day
            else later.contact_until_day
        end as both_until_day
    from ordered as later
    inner join unsettled as earlier
        on
            later.account_id = earlier.account_id
            and later.topic = earlier.topic
    where
        earlier.place = 1
        and later.contact_day - earlier.contact_day between 0 and 30
        and (later.previous_settled_day is null or later.contact_day - later.previous_settled_day > 30)
        and (
            earlier.contacted_at < later.contacted_at
            or (earlier.contacted_at = later.contacted_at and earlier.contact_id < later.contact_id)
            or (
                earlier.contacted_at = later.contacted_at
                and earlier.contact_id = later.contact_id
                and earlier.contact_type < later.contact_type
            )
        )

),

-- what the stretches before it have not covered yet, so that no day counts twice
stretches as (

    select
        *,
        max(both_until_day) over (
            partition by contact_type, contact_id
            order by both_from_day, both_until_day
            rows between unbounded preceding and 1 preceding
        ) as covered_until_day
    from sometimes_repeated
    where both_from_day < both_until_day

)

select * from surely_repeated

union all

select
    account_id,
    contact_type,
    contact_id,
    contact_day,
    case when covered_until_day > both_from_day then covered_until_day else both_from_day end as counts_from_day,
    both_until_day as counts_until_day
from stretches
where covered_until_day is null or both_until_day > covered_until_day
