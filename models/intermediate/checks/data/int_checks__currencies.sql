-- one finding for both tables: contracts and invoices have to be in the same currency too
with

currencies as (

    select 'contracts' as source_table, currency from {{ ref('stg_crm__contracts') }}
    where currency is not null
    union
    select 'invoices' as source_table, currency from {{ ref('stg_billing__invoices') }}
    where currency is not null

),

mixed as (

    select {{ ordered_listagg("currency || ' (' || source_table || ')'", "', '", "currency || source_table") }} as found
    from currencies
    having count(distinct currency) > 1

)

select
    'error' as severity,
    'The column currency of contracts and invoices holds more than one currency: ' || found
    || '. Amounts are not added across currencies; convert them to one in the export.' as sentence
from mixed
