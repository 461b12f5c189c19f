-- Rows of each signal in bins: fifths of the rows that have it, by rank, for the information value; ten points of what
-- it earns, and none at all, for drift
with

panel as (

    select score_model, account_id, as_of_day, quarter, is_churned
    from {{ ref('int_backtest__panel') }}
    where population = 'scored'

),

halves as (

    select
        as_of_day,
        row_number() over (order by as_of_day) * 2 <= count(*) over () as is_first_half
    from {{ ref('int_backtest__dates') }}

),

-- counted by what they have in common before anything is ranked
counted as (

    select
        panel.score_model,
        configured.signal_id,
        configured.normalization,
        panel.quarter,
        halves.is_first_half,
        signals.signal_score,
        count(*) as panel_rows,
        count(case when panel.is_churned then 1 end) as churned_rows
    from panel
    inner join halves
        on panel.as_of_day = halves.as_of_day
    cross join {{ ref('int_config__signals') }} as configured
    left join {{ ref('int_backtest__signals') }} as signals
        on
            panel.account_id = signals.account_id
            and panel.as_of_day = signals.as_of_day
            and configured.signal_id = signals.signal_id
    group by
        panel.score_model, configured.signal_id, configured.normalization, panel.quarter, halves.is_first_half,
        signals.signal_score

),

ranked as (

    select
        score_model,
        signal_id,
        signal_score,
        sum(panel_rows) as rows_at,
        sum(sum(panel_rows)) over (
            partition by score_model, signal_id order by signal_score rows between unbounded preceding and current row
        ) as rows_up_to,
        sum(sum(panel_rows)) over (partition by score_model, signal_id) as rows_total
    from counted
    where signal_score is not null
    group by score_model, signal_id, signal_score

),

binned as (

    select
        counted.*,
        -- equal values share a fifth: that of their middle
        cast(floor((2 * ranked.rows_up_to - ranked.rows_at) * 5 / (2.0 * ranked.rows_total)) as integer) + 1 as fifth,
        case when counted.normalization is not null then {{ ten_points('counted.signal_score') }} end as ten_points
    from counted
    left join ranked
        on
            counted.score_model = ranked.score_model
            and counted.signal_id = ranked.signal_id
            and counted.signal_score = ranked.signal_score

),

final as (

    select
        score_model,
        signal_id,
        quarter,
        is_first_half,
        fifth,
        ten_points,
        sum(panel_rows) as panel_rows,
        sum(churned_rows) as churned_rows
    from binned
    group by score_model, signal_id, quarter, is_first_half, fifth, ten_points

)

select * from final
