{{
    config(
        materialized = 'incremental',
        incremental_strategy = 'replace_scored_dates',
        full_refresh = false,
        on_schema_change = 'append_new_columns'
    )
}}

-- The dates in {{ ref('int_scores__as_of_dates') }} are replaced. Written last of all that is kept by as-of date, so
-- that a date that it holds was scored whole (run__stored_dates):
-- {{ ref('customer_health_index_bands') }}, {{ ref('customer_health_index_buckets') }},
-- {{ ref('customer_health_alerts') }}, {{ ref('customer_health_band_flips') }}, {{ ref('crm_health_updates') }}
with

sums as (

    select
        score_model,
        as_of_date,
        dimension,
        dimension_value,
        sum(accounts) as accounts,
        sum(scored_accounts) as scored_accounts,
        sum(arr) as arr,
        sum(score_sum) as score_sum,
        sum(weighted_score_sum) as weighted_score_sum,
        sum(scored_arr) as scored_arr,
        sum(changed_accounts) as changed_accounts,
        sum(improving_accounts) as improving_accounts,
        sum(declining_accounts) as declining_accounts,
        sum(case when risk_bucket is not null then accounts else 0 end) as at_risk_accounts,
        sum(case when risk_bucket is not null then arr end) as arr_at_risk
    from {{ ref('int_actions__index_groups') }}
    group by score_model, as_of_date, dimension, dimension_value

),

final as (

    select
        score_model,
        as_of_date,
        dimension,
        dimension_value,
        cast(accounts as bigint) as accounts,
        cast(scored_accounts as bigint) as scored_accounts,
        cast(arr as {{ dbt.type_numeric() }}) as arr,
        {{ published('score_sum / nullif(scored_accounts, 0)', 1) }} as mean_health_score,
        -- an account without ARR has no weight
        {{ published('weighted_score_sum / nullif(scored_arr, 0)', 1) }} as arr_weighted_health_score,
        cast(improving_accounts as bigint) as improving_accounts,
        cast(declining_accounts as bigint) as declining_accounts,
        {{ published(safe_divide('improving_accounts', 'changed_accounts'), 6) }} as share_improving,
        {{ published(safe_divide('declining_accounts', 'changed_accounts'), 6) }} as share_declining,
        cast(at_risk_accounts as bigint) as at_risk_accounts,
        -- nobody at risk is 0; nobody with an ARR is no figure at all
        cast(case when arr is not null then coalesce(arr_at_risk, 0) end as {{ dbt.type_numeric() }}) as arr_at_risk
    from sums

)

select * from final
