-- each account that left: what was known of it 180, 90, 60 and 30 days before, and since when it had been below green
with

days as (

    select
        churn_days.*,
        -- the run of flagged days that lasted until the end: a warning that was taken back is none
        max(case when not churn_days.is_flagged then churn_days.as_of_date end) over (
            partition by churn_days.score_model, churn_days.account_id, churn_days.churned_day
        ) as last_unflagged_date,
        drivers.drivers
    from {{ ref('int_backtest__churn_days') }} as churn_days
    left join {{ ref('int_backtest__churn_drivers') }} as drivers
        on
            churn_days.score_model = drivers.score_model
            and churn_days.account_id = drivers.account_id
            and churn_days.as_of_date = drivers.as_of_date

),

reviewed as (

    select
        score_model,
        account_id,
        churned_day,
        min(days_before) as last_days_before,
        max(
            case
                when is_flagged and (last_unflagged_date is null or as_of_date > last_unflagged_date) then days_before
            end
        ) as warning_days,
        max(case when days_before = 180 then health_score end) as health_score_180d,
        max(case when days_before = 90 then health_score end) as health_score_90d,
        max(case when days_before = 60 then health_score end) as health_score_60d,
        max(case when days_before = 30 then health_score end) as health_score_30d,
        max(case when days_before = 180 then band end) as band_180d,
        max(case when days_before = 90 then band end) as band_90d,
        max(case when days_before = 60 then band end) as band_60d,
        max(case when days_before = 30 then band end) as band_30d,
        max(case when days_before = 180 then drivers end) as drivers_180d,
        max(case when days_before = 90 then drivers end) as drivers_90d,
        max(case when days_before = 60 then drivers end) as drivers_60d,
        max(case when days_before = 30 then drivers end) as drivers_30d,
        max(case when days_before = 30 then computed_band end) as computed_band_30d,
        max(case when days_before = 30 and is_flagged and band = best_band then 1 else 0 end) as is_overridden_30d
    from days
    group by score_model, account_id, churned_day

),

final as (

    select
        churns.score_model,
        churns.account_id,
        churns.churned_day,
        latest.segment,
        latest.csm_owner,
        latest.arr,
        latest.tenure_days,
        reviewed.health_score_180d,
        reviewed.health_score_90d,
        reviewed.health_score_60d,
        reviewed.health_score_30d,
        reviewed.band_180d,
        reviewed.band_90d,
        reviewed.band_60d,
        reviewed.band_30d,
        reviewed.drivers_180d,
        reviewed.drivers_90d,
        reviewed.drivers_60d,
        reviewed.drivers_30d,
        reviewed.warning_days,
        case
            when reviewed.computed_band_30d is null or reviewed.computed_band_30d = 'onboarding' then 'too_new'
            when reviewed.is_overridden_30d = 1 then 'overridden'
            when reviewed.warning_days >= 30 then 'caught'
            when reviewed.computed_band_30d = 'insufficient_data' then 'missing_data'
            when reviewed.warning_days is not null then 'late'
            else 'never_flagged'
        end as miss
    from {{ ref('int_backtest__churns') }} as churns
    left join reviewed
        on
            churns.score_model = reviewed.score_model
            and churns.account_id = reviewed.account_id
            and churns.churned_day = reviewed.churned_day
    left join {{ ref('int_backtest__churn_days') }} as latest
        on
            reviewed.score_model = latest.score_model
            and reviewed.account_id = latest.account_id
            and reviewed.churned_day = latest.churned_day
            and reviewed.last_days_before = latest.days_before

)

select * from final
