-- measure names are columns here; a new measure is one line in each of the three lists
with

changes as (

    select
        account_id,
        as_of_day,
        sum(case when measure = 'invoices_due_365d' then change else 0 end) as invoices_due_365d,
        sum(case when measure = 'invoices_paid_on_time_365d' then change else 0 end) as invoices_paid_on_time_365d,
        sum(case when measure = 'invoices_due_or_overdue' then change else 0 end) as invoices_due_or_overdue,
        sum(case when measure = 'amount_due_or_overdue' then change else 0 end) as amount_due_or_overdue,
        sum(case when measure = 'amount_overdue' then change else 0 end) as amount_overdue,
        sum(case when measure = 'credit_unpaid_365d' then change else 0 end) as credit_unpaid_365d,
        sum(case when measure = 'terms_ended' then change else 0 end) as terms_ended,
        sum(case when measure = 'terms_renewed' then change else 0 end) as terms_renewed
    from {{ ref('int_windows__changes') }}
    where domain = 'billing'
    group by account_id, as_of_day

),

totals as (

    select
        days.account_id,
        days.as_of_day,
        sum(coalesce(changes.invoices_due_365d, 0)) over account_so_far as invoices_due_365d,
        sum(coalesce(changes.invoices_paid_on_time_365d, 0)) over account_so_far as invoices_paid_on_time_365d,
        sum(coalesce(changes.invoices_due_or_overdue, 0)) over account_so_far as invoices_due_or_overdue,
        sum(coalesce(changes.amount_due_or_overdue, 0)) over account_so_far as amount_due_or_overdue,
        sum(coalesce(changes.amount_overdue, 0)) over account_so_far as amount_overdue,
        sum(coalesce(changes.credit_unpaid_365d, 0)) over account_so_far as credit_unpaid_365d,
        sum(coalesce(changes.terms_ended, 0)) over account_so_far as terms_ended,
        sum(coalesce(changes.terms_renewed, 0)) over account_so_far as terms_renewed
    from {{ ref('int_windows__account_days') }} as days
    left join changes
        on
            days.account_id = changes.account_id
            and days.as_of_day = changes.as_of_day
    window account_so_far as (
        partition by days.account_id order by days.as_of_day rows unbounded preceding
    )

),

final as (

    select
        account_id,
        as_of_day,
        cast(invoices_due_365d as {{ type_double() }}) as invoices_due_365d,
        cast(invoices_paid_on_time_365d as {{ type_double() }}) as invoices_paid_on_time_365d,
        cast(invoices_due_or_overdue as {{ type_double() }}) as invoices_due_or_overdue,
        cast(amount_due_or_overdue as {{ type_double() }}) as amount_due_or_overdue,
        cast(amount_overdue as {{ type_double() }}) as amount_overdue,
        cast(credit_unpaid_365d as {{ type_double() }}) as credit_unpaid_365d,
        cast(terms_ended as {{ type_double() }}) as terms_ended,
        cast(terms_renewed as {{ type_double() }}) as terms_renewed
    from totals

)

select * from final
