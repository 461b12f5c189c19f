-- between two breakpoints the same terms cover the account, so one row says it for all days between
with

terms as (

    select * from {{ ref('int_activity__contract_terms') }}

),

breakpoints as (

    select account_id, start_day as from_day from terms
    union
    select account_id, end_day as from_day from terms
    union
    select account_id, covers_until_day as from_day from terms

),

periods as (

    select
        account_id,
        from_day,
        lead(from_day, 1, {{ never() }}) over (partition by account_id order by from_day) as until_day
    from breakpoints

),

covered as (

    select
        periods.account_id,
        periods.from_day,
        periods.until_day,
        terms.end_day,
        terms.seats,
        terms.annual_value,
        terms.plan,
        row_number() over (
            partition by periods.account_id, periods.from_day
            order by
                case when terms.plan is null then 1 else 0 end, terms.start_day desc, terms.contract_id desc
        ) as place
    from periods
    inner join terms
        on
            periods.account_id = terms.account_id
            and periods.from_day >= terms.start_day
            and periods.from_day < terms.covers_until_day

),

final as (

    select
        account_id,
        from_day,
        until_day,
        cast(sum({{ exact('annual_value') }}) as {{ type_double() }}) as arr,
        cast(sum({{ exact('seats') }}) as {{ type_double() }}) as seats,
        min(case when end_day < {{ never() }} then end_day end) as renewal_day,
        max(case when from_day >= end_day then 1 else 0 end) = 1 as is_past_due_renewal,
        max(case when place = 1 then plan end) as plan
    from covered
    group by account_id, from_day, until_day

)

select * from final
