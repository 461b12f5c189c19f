-- which invoice is an account's latest, from which day until which: a voided one gives way to the one before it
with

issue_days as (

    select
        account_id,
        {{ day_number('issued_on') }} as issued_day,
        max(coalesce({{ day_number('voided_on') }}, {{ never() }})) as voided_day
    from {{ ref('stg_billing__invoices') }}
    where amount >= 0
    group by account_id, {{ day_number('issued_on') }}

),

-- days on which the latest invoice may change
turns as (

    select account_id, issued_day as turn_day, case when voided_day = {{ never() }} then issued_day end as kept_day
    from issue_days
    union all
    select account_id, voided_day, null from issue_days
    where voided_day < {{ never() }}

),

turn_days as (

    select account_id, turn_day, max(kept_day) as kept_day
    from turns
    group by account_id, turn_day

),

kept as (

    select
        account_id,
        turn_day,
        lead(turn_day) over (partition by account_id order by turn_day) as next_turn_day,
        max(kept_day) over (partition by account_id order by turn_day rows unbounded preceding) as latest_kept_day
    from turn_days

),

-- those that are voided later still count until then; they are few
unvoided as (

    select
        kept.account_id,
        kept.turn_day,
        max(issue_days.issued_day) as latest_unvoided_day
    from kept
    inner join issue_days
        on
            kept.account_id = issue_days.account_id
            and kept.turn_day >= issue_days.issued_day
            and kept.turn_day < issue_days.voided_day
    where issue_days.voided_day < {{ never() }}
    group by kept.account_id, kept.turn_day

),

final as (

    select
        kept.account_id,
        case
            when kept.latest_kept_day is null or unvoided.latest_unvoided_day > kept.latest_kept_day
                then unvoided.latest_unvoided_day
            else kept.latest_kept_day
        end as issued_day,
        kept.turn_day as from_day,
        coalesce(kept.next_turn_day, {{ never() }}) as until_day
    from kept
    left join unvoided
        on
            kept.account_id = unvoided.account_id
            and kept.turn_day = unvoided.turn_day

)

select * from final
where issued_day is not null
