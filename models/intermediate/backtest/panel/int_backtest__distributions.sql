-- how the scores and signals of each quarter lie, beside those of the first quarter
with

counted as (

    select
        score_model, 'score_psi' as measure, 'health_score' as subject, quarter,
        {{ ten_points('health_score') }} as bin,
        count(*) as panel_rows
    from {{ ref('int_backtest__panel') }}
    where population = 'scored'
    group by score_model, quarter, {{ ten_points('health_score') }}
    union all
    select score_model, 'signal_psi', signal_id, quarter, ten_points, sum(panel_rows)
    from {{ ref('int_backtest__signal_bins') }}
    where ten_points is not null
    group by score_model, signal_id, quarter, ten_points

),

quarters as (

    select
        score_model,
        measure,
        subject,
        quarter,
        sum(panel_rows) as quarter_rows,
        min(quarter) over (partition by score_model, measure, subject) as reference_quarter
    from counted
    group by score_model, measure, subject, quarter

),

bins as (

    select distinct score_model, measure, subject, bin
    from counted

),

final as (

    select
        quarters.score_model,
        quarters.measure,
        quarters.subject,
        quarters.quarter,
        quarters.reference_quarter,
        bins.bin,
        coalesce(counted.panel_rows, 0) as panel_rows,
        coalesce(reference_counts.panel_rows, 0) as reference_rows,
        quarters.quarter_rows,
        reference_quarters.quarter_rows as all_reference_rows,
        count(*) over (
            partition by quarters.score_model, quarters.measure, quarters.subject, quarters.quarter
        ) as bins
    from quarters
    inner join quarters as reference_quarters
        on
            quarters.score_model = reference_quarters.score_model
            and quarters.measure = reference_quarters.measure
            and quarters.subject = reference_quarters.subject
            and quarters.reference_quarter = reference_quarters.quarter
    inner join bins
        on
            quarters.score_model = bins.score_model
            and quarters.measure = bins.measure
            and quarters.subject = bins.subject
    left join counted
        on
            quarters.score_model = counted.score_model
            and quarters.measure = counted.measure
            and quarters.subject = counted.subject
            and quarters.quarter = counted.quarter
            and bins.bin = counted.bin
    left join counted as reference_counts
        on
            quarters.score_model = reference_counts.score_model
            and quarters.measure = reference_counts.measure
            and quarters.subject = reference_counts.subject
            and quarters.reference_quarter = reference_counts.quarter
            and bins.bin = reference_counts.bin

)

select * from final
