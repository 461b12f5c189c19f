-- sentences about the raw data, for the person who reads the log in the morning
with

reasons as (

    select source_table, reject_reason, count(*) as row_count
    from {{ ref('int_checks__rows') }}
    where reject_reason <> 'superseded'
    group by source_table, reject_reason
    union all
    select 'usage_events' as source_table, reject_reason, count(*) as row_count
    from {{ ref('stg_product__usage_events_rejected') }}
    where reject_reason <> 'superseded'
    group by reject_reason

),

listed as (

    select
        source_table,
        {{ ordered_listagg(
            "reject_reason || ' ' || cast(row_count as " ~ dbt.type_string() ~ ")", "', '", 'reject_reason'
        ) }} as reasons
    from reasons
    group by source_table

),

shares as (

    select
        counts.source_table,
        counts.rows_judged,
        counts.rows_rejected,
        counts.rows_rejected * 1.0 / counts.rows_judged as rejected_share,
        listed.reasons
    from {{ ref('int_checks__row_counts') }} as counts
    inner join listed
        on counts.source_table = listed.source_table

),

judged as (

    select
        *,
        rejected_share > {{ var('reject_error_share') }} and rows_rejected >= 20 as is_too_much
    from shares

),

-- marts.rejected_rows is not written when the build stops, so the sentence points to what it is made of
rejections as (

    select
        case when is_too_much then 'error' else 'warning' end as severity,
        source_table || ': ' || cast(rows_rejected as {{ dbt.type_string() }}) || ' of '
        || cast(rows_judged as {{ dbt.type_string() }}) || ' rows were rejected ('
        || {{ decimal_text('rejected_share * 100', 2) }} || ' %): ' || reasons
        || case
            when reasons like '%unreadable_value%' then ' (other date formats than ISO: var date_formats). ' else '. '
        end
        || case
            when not is_too_much then 'They stand in marts.rejected_rows.'
            when source_table = 'usage_events' then 'They stand in staging.stg_product__usage_events_rejected; '
            else 'They stand in intermediate.int_checks__rows (where reject_reason is not null); '
        end
        || case
            when is_too_much
                then 'mend the export, or raise the var reject_error_share if this is how it has to be.'
            else ''
        end as sentence
    from judged
    where is_too_much or rejected_share > {{ var('reject_warn_share') }}

),

final as (

    select severity, sentence from rejections
    union all
    select severity, sentence from {{ ref('int_checks__currencies') }}
    union all
    select severity, sentence from {{ ref('int_checks__missing_accounts') }}

)

select * from final
