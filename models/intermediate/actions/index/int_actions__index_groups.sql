-- The accounts of the dates of this run, added up by dimension, band and bucket. The index, its bands and its buckets
-- add up these few rows once more, so that the history is read once.
with

-- the lowest band begins at 0 in every model and segment: the seed check says so
worst_bands as (

    select
        segments.score_model,
        segments.segment,
        thresholds.band
    from {{ ref('int_scores__segments') }} as segments
    inner join {{ ref('int_config__score_thresholds') }} as thresholds
        on
            segments.score_model = thresholds.score_model
            and segments.thresholds_segment = thresholds.segment
    where thresholds.min_score = 0

),

account_rows as (

    select
        history.score_model,
        history.as_of_date,
        history.segment,
        coalesce(history.csm_owner, 'unassigned') as csm,
        coalesce(history.region, 'unknown') as region,
        coalesce(history.plan, 'unknown') as plan,
        history.band,
        history.band_label,
        -- the account counts wholly in its weakest bucket, so that the buckets add up to what is at risk
        case
            when worst_bands.band is not null
                then
                    -- no score is 101
                    case least(
                        coalesce(history.usage_score, 101), coalesce(history.support_score, 101),
                        coalesce(history.relationship_score, 101), coalesce(history.financial_score, 101)
                    )
                        when 101 then 'none'
                        when history.usage_score then 'usage'
                        when history.support_score then 'support'
                        when history.relationship_score then 'relationship'
                        else 'financial'
                    end
        end as risk_bucket,
        history.health_score,
        history.arr,
        case when history.health_score is not null then history.arr end as scored_arr,
        history.score_change_30d
    from {{ ref('customer_health_history') }} as history
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on history.as_of_date = dates.as_of_date
    left join worst_bands
        on
            history.score_model = worst_bands.score_model
            and history.segment = worst_bands.segment
            and history.band = worst_bands.band

),

final as (

    select
        score_model,
        as_of_date,
        -- a column that a grouping set leaves out is null, and none of these is null otherwise
        case
            when segment is not null then 'segment'
            when csm is not null then 'csm'
            when region is not null then 'region'
            when plan is not null then 'plan'
            else 'book'
        end as dimension,
        coalesce(segment, csm, region, plan, 'all') as dimension_value,
        band,
        risk_bucket,
        max(band_label) as band_label,
        count(*) as accounts,
        count(health_score) as scored_accounts,
        sum(arr) as arr,
        sum(health_score) as score_sum,
        sum(health_score * scored_arr) as weighted_score_sum,
        sum(scored_arr) as scored_arr,
        count(score_change_30d) as changed_accounts,
        count(case when score_change_30d > 0 then 1 end) as improving_accounts,
        count(case when score_change_30d < 0 then 1 end) as declining_accounts
    from account_rows
    group by grouping sets (
        (score_model, as_of_date, band, risk_bucket),
        (score_model, as_of_date, band, risk_bucket, segment),
        (score_model, as_of_date, band, risk_bucket, csm),
        (score_model, as_of_date, band, risk_bucket, region),
        (score_model, as_of_date, band, risk_bucket, plan)
    )

)

select * from final
