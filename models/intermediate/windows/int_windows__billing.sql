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
        sum(case when measure = 'invoices_issued_365d' then change else 0 end) as invoices_issued_365d,
        sum(case when measure = 'latest_invoices' then change else 0 end) as latest_invoices,
        sum(case when measure = 'latest_invoice_day' then change else 0 end) as latest_invoice_day,
        sum(case when measure = 'terms_ended' then change else 0 end) as terms_ended,
        sum(case when measure = 'terms_renewed' then change else 0 end) as terms_renewed
    from {{ ref('int_windows__changes') }}
    where domain = 'billing'
    group by account_id, as_of_day

),

totals as (

    select
        account_id,
        as_of_day,
        sum(invoices_due_365d) over account_so_far as invoices_due_365d,
        sum(invoices_paid_on_time_365d) over account_so_far as invoices_paid_on_time_365d,
        sum(invoices_due_or_overdue) over account_so_far as invoices_due_or_overdue,
        sum(amount_due_or_overdue) over account_so_far as amount_due_or_overdue,
        sum(amount_overdue) over account_so_far as amount_overdue,
        sum(credit_unpaid_365d) over account_so_far as credit_unpaid_365d,
        sum(invoices_issued_365d) over account_so_far as invoices_issued_365d,
        sum(latest_invoices) over account_so_far as latest_invoices,
        sum(latest_invoice_day) over account_so_far as latest_invoice_day,
        sum(terms_ended) over account_so_far as terms_ended,
        sum(terms_renewed) over account_so_far as terms_renewed
    from changes
    window account_so_far as (partition by account_id order by as_of_day rows unbounded preceding)

),

-- a total holds until the next change, so each day takes that of its last one
last_changes as (

    select
        days.account_id,
        days.as_of_day,
        max(changes.as_of_day) over (
            partition by days.account_id order by days.as_of_day rows unbounded preceding
        ) as last_change_day
    from {{ ref('int_windows__account_days') }} as days
    left join changes
        on
            days.account_id = changes.account_id
            and days.as_of_day = changes.as_of_day

),

final as (

    select
        last_changes.account_id,
        last_changes.as_of_day,
        cast(coalesce(totals.invoices_due_365d, 0) as {{ type_double() }}) as invoices_due_365d,
        cast(coalesce(totals.invoices_paid_on_time_365d, 0) as {{ type_double() }}) as invoices_paid_on_time_365d,
        cast(coalesce(totals.invoices_due_or_overdue, 0) as {{ type_double() }}) as invoices_due_or_overdue,
        cast(coalesce(totals.amount_due_or_overdue, 0) as {{ type_double() }}) as amount_due_or_overdue,
        cast(coalesce(totals.amount_overdue, 0) as {{ type_double() }}) as amount_overdue,
        cast(coalesce(totals.credit_unpaid_365d, 0) as {{ type_double() }}) as credit_unpaid_365d,
        cast(coalesce(totals.invoices_issued_365d, 0) as {{ type_double() }}) as invoices_issued_365d,
        cast(coalesce(totals.latest_invoices, 0) as {{ type_double() }}) as latest_invoices,
        cast(coalesce(totals.latest_invoice_day, 0) as {{ type_double() }}) as latest_invoice_day,
        cast(coalesce(totals.terms_ended, 0) as {{ type_double() }}) as terms_ended,
        cast(coalesce(totals.terms_renewed, 0) as {{ type_double() }}) as terms_renewed
    from last_changes
    left join totals
        on
            last_changes.account_id = totals.account_id
            and last_changes.last_change_day = totals.as_of_day

)

select * from final
