-- where should the lines be? What each possible line would have flagged, and caught
with

scored as (

    select score_model, account_id, panel_date, health_score, is_churned, csm_owner, coalesce(arr, 0) as arr
    from {{ ref('int_backtest__panel') }}
    where population = 'scored'

),

lines as (

    {{ day_series(1, 100) }}

),

totals as (

    select
        score_model,
        count(*) as panel_rows,
        count(distinct panel_date) as panel_dates,
        count(distinct csm_owner) as csms,
        count(case when is_churned then 1 end) as churned_rows,
        count(distinct case when is_churned then account_id end) as churned_accounts,
        {{ exact_sum('arr') }} as arr,
        {{ exact_sum('case when is_churned then arr end') }} as churned_arr
    from scored
    group by score_model

),

scores as (

    select
        score_model,
        cast(floor(health_score) as integer) as whole_score,
        count(*) as panel_rows,
        count(case when is_churned then 1 end) as churned_rows,
        sum({{ exact('arr') }}) as arr,
        sum(case when is_churned then {{ exact('arr') }} else 0 end) as churned_arr
    from scored
    group by score_model, cast(floor(health_score) as integer)

),

flagged as (

    select
        totals.score_model,
        lines.day_number as line,
        coalesce(sum(scores.panel_rows), 0) as flagged_rows,
        coalesce(sum(scores.churned_rows), 0) as churned_flagged_rows,
        coalesce(cast(sum(scores.arr) as {{ type_double() }}), 0) as flagged_arr,
        coalesce(cast(sum(scores.churned_arr) as {{ type_double() }}), 0) as churned_flagged_arr
    from totals
    cross join lines
    left join scores
        on
            totals.score_model = scores.score_model
            and lines.day_number > scores.whole_score
    group by totals.score_model, lines.day_number

),

figures as (

    select
        flagged.*,
        totals.panel_rows,
        totals.churned_accounts,
        {{ safe_divide('flagged.flagged_rows', 'totals.panel_rows') }} as flagged_share,
        {{ safe_divide('flagged.flagged_rows', 'totals.panel_dates') }} as flagged_per_date,
        {{ safe_divide('flagged.flagged_rows', 'totals.panel_dates * totals.csms') }} as flagged_per_csm,
        {{ safe_divide('flagged.churned_flagged_rows', 'flagged.flagged_rows') }} as flag_precision,
        {{ safe_divide('flagged.churned_flagged_rows', 'totals.churned_rows') }} as flag_recall,
        {{ safe_divide('flagged.flagged_arr', 'totals.arr') }} as flagged_arr_share,
        {{ safe_divide('flagged.churned_flagged_arr', 'totals.churned_arr') }} as churned_arr_recall,
        -- the highest line that leaves no manager more accounts than can be called
        flagged.flagged_rows <= {{ var('backtest_calls_per_csm') }} * totals.panel_dates * totals.csms as is_affordable
    from flagged
    inner join totals
        on flagged.score_model = totals.score_model

),

final as (

    select
        figures.score_model,
        figures.line,
        thresholds.band,
        figures.panel_rows,
        cast(figures.flagged_rows as bigint) as flagged_rows,
        {{ published('figures.flagged_share', 6) }} as flagged_share,
        {{ published('figures.flagged_per_date', 6) }} as flagged_per_date,
        {{ published('figures.flagged_per_csm', 6) }} as flagged_per_csm,
        cast(figures.churned_flagged_rows as bigint) as churned_flagged_rows,
        {{ told('figures.flag_precision', 'figures.churned_accounts') }} as flag_precision,
        {{ told('figures.flag_recall', 'figures.churned_accounts') }} as flag_recall,
        {{ published('figures.flagged_arr_share', 6) }} as flagged_arr_share,
        {{ told('figures.churned_arr_recall', 'figures.churned_accounts') }} as churned_arr_recall,
        figures.is_affordable
        and figures.flagged_per_csm is not null
        and figures.line = max(case when figures.is_affordable then figures.line end) over (
            partition by figures.score_model
        ) as fits_capacity,
        {{ too_few_to_tell('figures.churned_accounts') }} as note
    from figures
    left join {{ ref('int_config__score_thresholds') }} as thresholds
        on
            figures.score_model = thresholds.score_model
            and thresholds.segment = '*'
            and figures.line = thresholds.min_score

)

select * from final
