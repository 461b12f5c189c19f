-- What the default score model has to show before a configuration is released: the seed release_gates, in words
with

default_model as (

    select score_model
    from {{ ref('int_config__score_models') }}
    where
        is_default
        and {{ var('backtest_enabled') }}

),

churned as (

    select
        default_model.score_model,
        count(distinct case when panel.is_churned and panel.population = 'scored' then panel.account_id end)
            as churned_accounts
    from default_model
    left join {{ ref('backtest_panel') }} as panel
        on default_model.score_model = panel.score_model
    group by default_model.score_model

),

bands as (

    select
        bands.*,
        bands.band_order = 1 as is_worst,
        bands.band_order = max(bands.band_order) over () as is_best,
        bands.churn_rate > lag(bands.churn_rate) over (order by bands.band_order) as is_inverted,
        bands.panel_rows / (sum(bands.panel_rows) over () + 0.0) as scored_share
    from {{ ref('backtest_bands') }} as bands
    inner join default_model
        on bands.score_model = default_model.score_model
    where
        bands.dimension = 'book'
        and bands.band_order is not null

),

figures as (

    select 'auc_low' as gate, summary.auc_low as figure, 'the lower 95 % bound of its AUC' as what, '>' as operator
    from {{ ref('backtest_summary') }} as summary
    inner join default_model
        on summary.score_model = default_model.score_model
    where
        summary.predictor = 'health_score'
        and summary.dimension = 'book'
    union all
    select 'red_churn_lift', max(churn_lift), 'churn in the lowest band, as a multiple of the base rate,', '>='
    from bands
    where is_worst
    union all
    select
        'churn_inversions',
        case when count(churn_rate) > 0 then count(case when is_inverted then 1 end) end,
        'the number of bands that churn more than the band below', '<='
    from bands
    union all
    select
        'green_share_low',
        coalesce(max(case when is_best then scored_share end), 0),
        'the share of the best band',
        '>='
    from bands
    union all
    select
        'green_share_high',
        coalesce(max(case when is_best then scored_share end), 0),
        'the share of the best band',
        '<='
    from bands
    union all
    select
        'flagged_60_days_before', lead_time.flagged_share,
        'the share of churned accounts below the best band 60 days before', '>='
    from {{ ref('backtest_lead_time') }} as lead_time
    inner join default_model
        on lead_time.score_model = default_model.score_model
    where lead_time.days_before = 60
    union all
    select 'score_psi', max(drift.figure), 'the greatest PSI of the scores of a quarter against the first', '<'
    from {{ ref('backtest_drift') }} as drift
    inner join default_model
        on drift.score_model = default_model.score_model
    where drift.measure = 'score_psi'
    union all
    select
        'inverted_signals', count(case when signals.verdict = 'inverted' then 1 end),
        'the number of weighted signals that point the wrong way', '<='
    from {{ ref('backtest_signals') }} as signals
    inner join default_model
        on signals.score_model = default_model.score_model
    where signals.weight > 0

),

judged as (

    select
        gates.gate,
        gates.severity,
        churned.score_model,
        figures.what,
        figures.operator,
        cast(gates.limit_value as {{ dbt.type_numeric() }}) as limit_value,
        cast(figures.figure as {{ dbt.type_numeric() }}) as figure,
        churned.churned_accounts,
        churned.churned_accounts >= {{ var('backtest_min_churns') }} and figures.figure is not null as is_told
    from {{ ref('int_config__release_gates') }} as gates
    cross join churned
    left join figures
        on gates.gate = figures.gate

),

passed as (

    select
        *,
        not is_told or case operator
            when '>' then figure > limit_value
            when '>=' then figure >= limit_value
            when '<' then figure < limit_value
            when '<=' then figure <= limit_value
        end as is_passed
    from judged

),

final as (

    select
        gate,
        severity,
        score_model,
        limit_value,
        case when is_told then figure end as figure,
        is_passed,
        'release gate ' || gate || ', score model ' || score_model || ': '
        || case
            when not is_told
                then
                    cast(churned_accounts as {{ dbt.type_string() }}) || ' churned accounts of the '
                    || '{{ var("backtest_min_churns") }} needed, so nothing is judged'
            else
                what || ' is ' || {{ decimal_text('figure', 3) }} || '; it should be '
                || case operator
                    when '>' then 'above '
                    when '>=' then 'at least '
                    when '<' then 'below '
                    else 'at most '
                end
                || {{ decimal_text('limit_value', 3) }}
        end || '.' as sentence
    from passed

)

select * from final
