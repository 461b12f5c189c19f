-- churned rows and renewed terms of each band, and what the rows of repeated accounts are worth; of computed_band,
-- because an override is not the model's word
with

slices as (

    select *, 'book' as dimension, 'all' as dimension_value
    from {{ ref('int_backtest__panel') }}
    union all
    select *, 'segment', segment
    from {{ ref('int_backtest__panel') }}
    union all
    select *, 'touch', case when is_touched then 'touched' else 'untouched' end
    from {{ ref('int_backtest__panel') }}

),

accounts as (

    select
        score_model,
        dimension,
        dimension_value,
        computed_band as band,
        account_id,
        count(*) as panel_rows,
        count(case when is_churned then 1 end) as churned_rows,
        sum(terms_ended) as terms_ended,
        sum(terms_renewed) as terms_renewed
    from slices
    group by score_model, dimension, dimension_value, computed_band, account_id

),

churned as (

    select score_model, dimension, dimension_value, count(distinct account_id) as churned_accounts
    from slices
    where is_churned
    group by score_model, dimension, dimension_value

),

bands as (

    select
        score_model,
        dimension,
        dimension_value,
        band,
        sum(panel_rows) as panel_rows,
        count(*) as accounts,
        sum(churned_rows) as churned_rows,
        count(case when churned_rows > 0 then 1 end) as churned_accounts,
        sum(terms_ended) as terms_ended,
        sum(terms_renewed) as terms_renewed,
        {{ safe_divide('sum(churned_rows)', 'sum(panel_rows)') }} as churn_rate,
        {{ safe_divide('sum(terms_renewed)', 'sum(terms_ended)') }} as renewal_rate,
        {{ effective_rows(
            'sum(panel_rows)', 'sum(churned_rows)', 'count(*)', 'sum(churned_rows * churned_rows)',
            'sum(churned_rows * panel_rows)', 'sum(panel_rows * panel_rows)'
        ) }} as effective_rows,
        {{ effective_rows(
            'sum(terms_ended)', 'sum(terms_renewed)', 'count(case when terms_ended > 0 then 1 end)',
            'sum(terms_renewed * terms_renewed)', 'sum(terms_renewed * terms_ended)', 'sum(terms_ended * terms_ended)'
        ) }} as effective_terms
    from accounts
    group by score_model, dimension, dimension_value, band

),

final as (

    select
        bands.*,
        coalesce(churned.churned_accounts, 0) as all_churned_accounts,
        sum(bands.churned_rows) over slice as all_churned_rows,
        sum(bands.panel_rows) over slice as all_panel_rows
    from bands
    left join churned
        on
            bands.score_model = churned.score_model
            and bands.dimension = churned.dimension
            and bands.dimension_value = churned.dimension_value
    window slice as (partition by bands.score_model, bands.dimension, bands.dimension_value)

)

select * from final
