-- how far the values of a signal lie apart: between churned and retained rows (information value), and between the
-- first and the last half of the dates (population stability index)
with

fifths as (

    select
        score_model,
        signal_id,
        fifth,
        sum(churned_rows) as churned_rows,
        sum(panel_rows - churned_rows) as retained_rows
    from {{ ref('int_backtest__signal_bins') }}
    where fifth is not null
    group by score_model, signal_id, fifth

),

fifths_with_totals as (

    select
        *,
        sum(churned_rows) over signal_of_a_model as all_churned_rows,
        sum(retained_rows) over signal_of_a_model as all_retained_rows,
        count(*) over signal_of_a_model as bins
    from fifths
    window signal_of_a_model as (partition by score_model, signal_id)

),

information as (

    select
        score_model,
        signal_id,
        {{ exact_sum(distance_of_bin(
            'churned_rows', 'all_churned_rows', 'retained_rows', 'all_retained_rows', 'bins'
        )) }} as information_value
    from fifths_with_totals
    where all_churned_rows > 0 and all_retained_rows > 0
    group by score_model, signal_id

),

halves as (

    select
        score_model,
        signal_id,
        ten_points,
        sum(case when is_first_half then panel_rows else 0 end) as first_rows,
        sum(case when is_first_half then 0 else panel_rows end) as last_rows
    from {{ ref('int_backtest__signal_bins') }}
    where ten_points is not null
    group by score_model, signal_id, ten_points

),

halves_with_totals as (

    select
        *,
        sum(first_rows) over signal_of_a_model as all_first_rows,
        sum(last_rows) over signal_of_a_model as all_last_rows,
        count(*) over signal_of_a_model as bins
    from halves
    window signal_of_a_model as (partition by score_model, signal_id)

),

stability as (

    select
        score_model,
        signal_id,
        {{ exact_sum(distance_of_bin('first_rows', 'all_first_rows', 'last_rows', 'all_last_rows', 'bins')) }} as psi
    from halves_with_totals
    where all_first_rows > 0 and all_last_rows > 0
    group by score_model, signal_id

),

signals as (

    select distinct score_model, signal_id
    from {{ ref('int_backtest__signal_bins') }}

),

final as (

    select
        signals.score_model,
        signals.signal_id,
        information.information_value,
        stability.psi
    from signals
    left join information
        on
            signals.score_model = information.score_model
            and signals.signal_id = information.signal_id
    left join stability
        on
            signals.score_model = stability.score_model
            and signals.signal_id = stability.signal_id

)

select * from final
