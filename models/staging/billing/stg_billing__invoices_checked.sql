{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_invoices.invoice_id,
        raw_invoices.account_id,
        raw_invoices.amount,
        raw_invoices.issued_on,
        raw_invoices.due_on,
        raw_invoices.paid_on,
        raw_invoices.voided_on,
        raw_invoices.currency,
        raw_invoices.loaded_at,
        raw_invoices.odd_values,
        raw_invoices.row_key,
        raw_invoices.row_text,
        raw_invoices.row_json,
        case
            when raw_invoices.invoice_id is null then 'missing_key'
            when
                raw_invoices.account_id is null
                or (raw_invoices.amount is null and not raw_invoices.amount_is_unreadable)
                or (raw_invoices.issued_on is null and not raw_invoices.issued_on_is_unreadable)
                then 'missing_value'
            when
                raw_invoices.issued_on_is_unreadable
                or raw_invoices.due_on_is_unreadable
                or raw_invoices.paid_on_is_unreadable
                or raw_invoices.voided_on_is_unreadable
                or raw_invoices.amount_is_unreadable
                then 'unreadable_value'
            when accounts.account_id is null then 'unknown_account'
        end as reject_reason
    from {{ source('raw', 'invoices') }} as raw_invoices
    left join {{ ref('stg_crm__accounts') }} as accounts
        on raw_invoices.account_id = accounts.account_id

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by invoice_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        invoice_id,
        account_id,
        amount,
        issued_on,
        due_on,
        paid_on,
        voided_on,
        currency,
        loaded_at,
        odd_values,
        row_key,
        case
            when reject_reason is null and version_number > 1 then 'superseded'
            else reject_reason
        end as reject_reason,
        -- only a rejected row has to be shown as it was delivered
        case when reject_reason is not null or version_number > 1 then row_json end as row_json
    from versions

)

select * from final
