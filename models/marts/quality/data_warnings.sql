-- written only once the seeds and the raw data passed their checks: {{ ref('int_windows__as_of_dates') }}
with

odd as (

    select source_table, column_name, warning, row_key, row_count from {{ ref('int_checks__odd_values') }}
    union all
    select source_table, column_name, warning, row_key, row_count from {{ ref('int_checks__odd_dates') }}
    union all
    select source_table, column_name, warning, row_key, row_count from {{ ref('int_checks__odd_references') }}
    union all
    select source_table, column_name, warning, row_key, row_count from {{ ref('int_checks__contradictions') }}

),

keys as (

    select
        source_table,
        column_name,
        warning,
        row_key,
        sum(row_count) as row_count,
        row_number() over (
            partition by source_table, column_name, warning order by {{ as_bytes('row_key') }}
        ) as place
    from odd
    group by source_table, column_name, warning, row_key

),

final as (

    select
        source_table,
        column_name,
        warning,
        cast(sum(row_count) as bigint) as row_count,
        {{ ordered_listagg("case when place <= 3 then row_key end", "', '", 'row_key') }} as examples
    from keys
    group by source_table, column_name, warning

)

select * from final
