-- The accounts of the dates of this run, added up by dimension, band and bucket. The index, its bands and its buckets
-- add up these few rows once more, so that the history is read once.
with

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
        history.health_score * history.arr as weighted_score,
        case when history.health_score is not null then history.arr end as scored_arr,
        history.score_change_30d
    from {{ ref('customer_health_history') }} as history
    inner join {{ ref('int_scores__as_of_dates') }} as dates
        on history.as_of_date = dates.as_of_date
    left join {{ ref('int_actions__worst_bands') }} as worst_bands
        on
            history.score_model = worst_bands.score_model
            and history.segment = worst_bands.segment
            and history.band = worst_bands.band

),

dimensions as (

    select 'book' as dimension
    union all
    select 'segment'
    union all
    select 'csm'
    union all
    select 'region'
    union all
    select 'plan'

),

final as (

    select
        account_rows.score_model,
        account_rows.as_of_date,
        dimensions.dimension,
        case dimensions.dimension
            when 'segment' then account_rows.segment
            when 'csm' then account_rows.csm
            when 'region' then account_rows.region
            when 'plan' then account_rows.plan
            else 'all'
        end as dimension_value,
        account_rows.band,
        account_rows.risk_bucket,
        max(account_rows.band_label) as band_label,
        count(*) as accounts,
        count(account_rows.health_score) as scored_accounts,
        sum(account_rows.arr) as arr,
        sum(account_rows.health_score) as score_sum,
        sum(account_rows.weighted_score) as weighted_score_sum,
        sum(account_rows.scored_arr) as scored_arr,
        count(account_rows.score_change_30d) as changed_accounts,
        count(case when account_rows.score_change_30d > 0 then 1 end) as improving_accounts,
        count(case when account_rows.score_change_30d < 0 then 1 end) as declining_accounts
    from account_rows
    cross join dimensions
    group by
        account_rows.score_model, account_rows.as_of_date, dimensions.dimension, dimension_value,
        account_rows.band, account_rows.risk_bucket

)

select * from final
