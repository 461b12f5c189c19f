-- sentences about the raw data, for the person who reads the log in the morning
with

shares as (

    select
        source_table,
        rows_judged,
        rows_rejected,
        rows_rejected * 1.0 / rows_judged as rejected_share
    from {{ ref('int_checks__row_counts') }}

),

rejections as (

    select
        case
            when rejected_share > {{ var('reject_error_share') }} and rows_rejected >= 20 then 'error'
            else 'warning'
        end as severity,
        source_table || ': ' || cast(rows_rejected as {{ dbt.type_string() }}) || ' of '
        || cast(rows_judged as {{ dbt.type_string() }}) || ' rows were rejected ('
        || cast(cast(rejected_share * 100 as numeric(28, 2)) as {{ dbt.type_string() }})
        || ' %). Reasons and rows stand in marts.rejected_rows (or run: select reject_reason, count(*) from '
        || 'the staging table of ' || source_table || '); mend the export and build again.' as sentence
    from shares
    where rejected_share > {{ var('reject_warn_share') }}

),

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

),

final as (

    select severity, sentence from rejections
    union all
    select
        'error' as severity,
        'The column currency of contracts and invoices holds more than one currency: ' || found
        || '. Amounts are not added across currencies; convert them to one in the export.' as sentence
    from mixed

)

select * from final
