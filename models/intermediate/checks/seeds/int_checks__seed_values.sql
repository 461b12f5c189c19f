-- cells that do not hold what the seed's YAML asks for
with

rules as (

    {{ seed_column_rules() }}

),

cells as (

    select
        seed_rows.seed_name,
        seed_rows.row_text,
        rules.column_name,
        rules.kind,
        rules.is_required,
        rules.is_whole,
        rules.lowest,
        rules.highest,
        rules.above,
        rules.codes,
        rules.expects,
        {{ seed_cell('rules.column_name') }} as cell
    from {{ ref('int_checks__seed_rows') }} as seed_rows
    inner join rules on seed_rows.seed_name = rules.seed_name

),

read_cells as (

    select
        *,
        case when kind = 'number' then {{ read_number('cell') }} end as number_read,
        {{ read_number("replace(replace(cell, '%', ''), ' ', '')") }} as percent_read,
        case when kind = 'boolean' then {{ read_boolean('cell') }} end as boolean_read,
        case when kind = 'date' then {{ read_date('cell') }} end as date_read
    from cells

),

findings as (

    select
        seed_name,
        row_text,
        case
            when cell is null and is_required
                then 'is empty; write ' || expects
            -- points of 100 stay as they are, a share of 1 is a hundredth
            when kind = 'number' and number_read is null and percent_read is not null
                then
                    'is not a number; write it without a percent sign, for example '
                    || case
                        when column_name in ('weight', 'min_score', 'normalized_score')
                            then {{ rounded_text('percent_read') }}
                        else {{ rounded_text('percent_read / 100') }}
                    end
            when kind = 'number' and cell is not null and number_read is null
                then 'is not a number; write ' || expects
            when is_whole and number_read <> floor(number_read)
                then 'is not a whole number; write ' || expects
            when number_read < lowest or number_read > highest or number_read <= above
                then 'is out of range; write ' || expects
            when kind = 'boolean' and cell is not null and boolean_read is null
                then 'is neither true nor false; write ' || expects
            when kind = 'date' and cell is not null and date_read is null
                then 'is not a date; write ' || expects
            when kind = 'code' and position(', ' || cell || ', ' in ', ' || codes || ', ') = 0
                then 'is unknown; write ' || expects
        end as problem,
        'the ' || column_name || coalesce(' "' || cell || '" ', ' ') as subject
    from read_cells

)

select
    seed_name,
    row_text,
    'error' as severity,
    subject || problem as problem
from findings
where problem is not null
