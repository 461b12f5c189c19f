-- an invoice counts from its issue date, and no longer once it is voided
with

invoices as (

    select
        account_id,
        {{ exact('amount') }} as amount,
        {{ day_number('issued_on') }} as issued_day,
        {{ day_number('due_on') }} as due_day,
        coalesce({{ day_number('paid_on') }}, {{ never() }}) as paid_day,
        coalesce({{ day_number('voided_on') }}, {{ never() }}) as voided_day
    from {{ ref('stg_billing__invoices') }}

),

billed as (

    select
        account_id,
        amount,
        issued_day,
        least(issued_day + 365, voided_day) as issued_until_day,
        paid_day <= due_day as is_paid_on_time,
        -- due in the 365 days that end on the day before the as-of date
        greatest(issued_day, due_day + 1) as due_from_day,
        least(due_day + 366, voided_day) as due_until_day,
        greatest(issued_day, due_day + {{ var('overdue_grace_days') }} + 1) as overdue_from_day,
        least(paid_day, voided_day) as overdue_until_day,
        -- overdue for longer than it counts as due
        greatest(issued_day, due_day + {{ var('overdue_grace_days') }} + 1, due_day + 366) as old_debt_from_day
    from invoices
    where amount >= 0

),

credit_notes as (

    select
        account_id,
        -amount as amount,
        issued_day,
        least(issued_day + 365, paid_day, voided_day) as credit_until_day
    from invoices
    where amount < 0

),

latest_invoices as (

    select account_id, issued_day, from_day, until_day
    from {{ ref('int_windows__latest_invoices') }}

),

terms as (

    select account_id, outcome_known_day, is_renewed
    from {{ ref('int_activity__contract_terms') }}

),

final as (

    select
        account_id,
        'invoices_due_365d' as measure,
        due_from_day as counts_from_day,
        due_until_day as counts_until_day,
        {{ exact('1') }} as amount
    from billed
    union all
    select account_id, 'invoices_paid_on_time_365d', due_from_day, due_until_day, 1 from billed
    where is_paid_on_time
    union all
    select account_id, 'invoices_due_or_overdue', due_from_day, due_until_day, 1 from billed
    union all
    select account_id, 'invoices_due_or_overdue', old_debt_from_day, overdue_until_day, 1 from billed
    union all
    select account_id, 'amount_due_or_overdue', due_from_day, due_until_day, amount from billed
    union all
    select account_id, 'amount_due_or_overdue', old_debt_from_day, overdue_until_day, amount from billed
    union all
    select account_id, 'amount_overdue', overdue_from_day, overdue_until_day, amount from billed
    union all
    select account_id, 'credit_unpaid_365d', issued_day, credit_until_day, amount from credit_notes
    union all
    select account_id, 'invoices_issued_365d', issued_day, issued_until_day, 1 from billed
    union all
    select account_id, 'latest_invoices', from_day, until_day, 1 from latest_invoices
    union all
    select account_id, 'latest_invoice_day', from_day, until_day, issued_day from latest_invoices
    union all
    select account_id, 'terms_ended', outcome_known_day, {{ never() }}, 1 from terms
    union all
    select account_id, 'terms_renewed', outcome_known_day, {{ never() }}, 1 from terms
    where is_renewed

)

select * from final
