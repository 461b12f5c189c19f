-- Differences with their paired intervals: that of two AUCs by Obuchowski (1997) on what each account counts in one
-- ranking less what it counts in the other, that of two lifts on the churned rows in either worst tenth
with

clusters as (

    select
        *,
        outranked_retained - compared_outranked_retained as churned_gain,
        outranking_churned - compared_outranking_churned as retained_gain,
        churned_in_tenth - compared_churned_in_tenth as tenth_gain
    from {{ ref('int_backtest__contest_clusters') }}

),

totals as (

    select
        score_model,
        compared_with,
        compared_kind,
        dimension,
        dimension_value,
        cast(sum(panel_rows) as bigint) as panel_rows,
        count(*) as accounts,
        count(case when churned_rows > 0 then 1 end) as churned_accounts,
        {{ safe_divide(exact_sum('outranked_retained'), 'sum(churned_rows)') }} as auc,
        {{ safe_divide(exact_sum('compared_outranked_retained'), 'sum(churned_rows)') }} as compared_auc,
        {{ safe_divide(exact_sum('churned_gain'), 'sum(churned_rows)') }} as auc_difference,
        10 * {{ safe_divide(exact_sum('churned_in_tenth'), 'sum(churned_rows)') }} as lift,
        10 * {{ safe_divide(exact_sum('compared_churned_in_tenth'), 'sum(churned_rows)') }} as compared_lift,
        {{ safe_divide(exact_sum('tenth_gain'), 'sum(churned_rows)') }} as tenth_difference
    from clusters
    group by score_model, compared_with, compared_kind, dimension, dimension_value

),

deviations as (

    select
        totals.*,
        clusters.churned_rows,
        clusters.retained_rows,
        clusters.churned_gain - clusters.churned_rows * totals.auc_difference as churned_deviation,
        clusters.retained_gain - clusters.retained_rows * totals.auc_difference as retained_deviation,
        clusters.tenth_gain - clusters.churned_rows * totals.tenth_difference as tenth_deviation
    from totals
    inner join clusters
        on
            totals.score_model = clusters.score_model
            and totals.compared_with = clusters.compared_with
            and totals.dimension = clusters.dimension
            and totals.dimension_value = clusters.dimension_value

),

variances as (

    select
        score_model,
        compared_with,
        compared_kind,
        dimension,
        dimension_value,
        max(panel_rows) as panel_rows,
        max(accounts) as accounts,
        max(churned_accounts) as churned_accounts,
        max(auc) as auc,
        max(compared_auc) as compared_auc,
        max(auc_difference) as auc_difference,
        max(lift) as lift,
        max(compared_lift) as compared_lift,
        10 * max(tenth_difference) as lift_difference,
        {{ clustered_variance('churned_deviation', 'retained_deviation', 'churned_rows', 'retained_rows') }}
            as auc_difference_variance,
        100 * {{ variance_part(
            'tenth_deviation * tenth_deviation', 'churned_rows > 0', 'churned_rows', 'churned_rows'
        ) }} as lift_difference_variance
    from deviations
    group by score_model, compared_with, compared_kind, dimension, dimension_value

),

final as (

    select
        *,
        {{ interval_bound('auc_difference', 'auc_difference_variance', '-', -1, 1) }} as auc_difference_low,
        {{ interval_bound('auc_difference', 'auc_difference_variance', '+', -1, 1) }} as auc_difference_high,
        {{ interval_bound('lift_difference', 'lift_difference_variance', '-', -10, 10) }} as lift_difference_low,
        {{ interval_bound('lift_difference', 'lift_difference_variance', '+', -10, 10) }} as lift_difference_high
    from variances

)

select * from final
