-- is the score still the score it was?
with

stability as (

    select
        score_model,
        measure,
        subject,
        quarter,
        reference_quarter,
        sum(panel_rows) as panel_rows,
        {{ exact_sum(distance_of_bin('panel_rows', 'quarter_rows', 'reference_rows', 'all_reference_rows', 'bins')) }}
            as psi
    from {{ ref('int_backtest__distributions') }}
    group by score_model, measure, subject, quarter, reference_quarter

),

accounts as (

    select
        score_model,
        computed_band as band,
        quarter,
        account_id,
        count(*) as panel_rows,
        count(case when is_churned then 1 end) as churned_rows
    from {{ ref('int_backtest__panel') }}
    group by score_model, computed_band, quarter, account_id

),

bands as (

    select
        score_model,
        band,
        quarter,
        sum(panel_rows) as panel_rows,
        count(case when churned_rows > 0 then 1 end) as churned_accounts,
        {{ safe_divide('sum(churned_rows)', 'sum(panel_rows)') }} as churn_rate,
        {{ effective_rows(
            'sum(panel_rows)', 'sum(churned_rows)', 'count(*)', 'sum(churned_rows * churned_rows)',
            'sum(churned_rows * panel_rows)', 'sum(panel_rows * panel_rows)'
        ) }} as effective_rows
    from accounts
    group by score_model, band, quarter

),

churned as (

    select score_model, quarter, count(distinct account_id) as churned_accounts
    from accounts
    where churned_rows > 0
    group by score_model, quarter

),

references_of_models as (

    select score_model, min(quarter) as reference_quarter
    from accounts
    group by score_model

),

band_rates as (

    select
        bands.*,
        {{ wilson_bound('bands.churn_rate', 'bands.effective_rows', '-') }} as churn_rate_low,
        {{ wilson_bound('bands.churn_rate', 'bands.effective_rows', '+') }} as churn_rate_high,
        references_of_models.reference_quarter,
        coalesce(churned.churned_accounts, 0) as all_churned_accounts
    from bands
    inner join references_of_models
        on bands.score_model = references_of_models.score_model
    left join churned
        on
            bands.score_model = churned.score_model
            and bands.quarter = churned.quarter

),

final as (

    select
        score_model,
        measure,
        subject,
        quarter,
        reference_quarter,
        cast(panel_rows as bigint) as panel_rows,
        cast(null as bigint) as churned_accounts,
        {{ published('psi', 6) }} as figure,
        cast(null as {{ dbt.type_numeric() }}) as figure_low,
        cast(null as {{ dbt.type_numeric() }}) as figure_high,
        cast(null as {{ dbt.type_string() }}) as note
    from stability
    union all
    select
        score_model,
        'band_churn_rate',
        band,
        quarter,
        reference_quarter,
        cast(panel_rows as bigint),
        cast(churned_accounts as bigint),
        {{ told('churn_rate', 'all_churned_accounts') }},
        {{ told('churn_rate_low', 'all_churned_accounts') }},
        {{ told('churn_rate_high', 'all_churned_accounts') }},
        {{ too_few_to_tell('all_churned_accounts') }}
    from band_rates

)

select * from final
