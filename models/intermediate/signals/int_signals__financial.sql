with

facts as (

    select
        accounts.account_id,
        accounts.as_of_day,
        accounts.arr,
        accounts.arr_year_ago,
        billing.invoices_due_365d,
        billing.invoices_paid_on_time_365d,
        billing.invoices_due_or_overdue,
        billing.amount_due_or_overdue,
        -- unpaid credit lowers the debt, to no less than 0
        case
            when billing.amount_overdue > billing.credit_unpaid_365d
                then billing.amount_overdue - billing.credit_unpaid_365d
            else 0
        end as net_amount_overdue,
        billing.terms_ended,
        billing.terms_renewed,
        billing.latest_invoices,
        billing.latest_invoice_day,
        billing.invoices_issued_365d
    from {{ ref('int_windows__accounts') }} as accounts
    inner join {{ ref('int_windows__billing') }} as billing
        on
            accounts.account_id = billing.account_id
            and accounts.as_of_day = billing.as_of_day

),

final as (

    select
        account_id,
        as_of_day,
        {{ safe_divide('invoices_paid_on_time_365d', 'invoices_due_365d') }} as on_time_payment_rate,
        invoices_due_365d as on_time_payment_rate_evidence,
        {{ safe_divide('net_amount_overdue', 'amount_due_or_overdue') }} as overdue_share,
        invoices_due_or_overdue as overdue_share_evidence,
        {{ safe_divide('terms_renewed', 'terms_ended') }} as renewal_rate,
        terms_ended as renewal_rate_evidence,
        {{ safe_divide('arr', 'arr_year_ago') }} as arr_trend_ratio,
        case when arr_year_ago > 0 then 1 else 0 end as arr_trend_ratio_evidence,
        -- optional: no row of the shipped seed names them
        case when latest_invoices > 0 then as_of_day - latest_invoice_day end as days_since_invoice,
        case when latest_invoices > 0 then 1 else 0 end as days_since_invoice_evidence,
        invoices_issued_365d as invoice_count,
        invoices_issued_365d as invoice_count_evidence
    from facts

)

select * from final
