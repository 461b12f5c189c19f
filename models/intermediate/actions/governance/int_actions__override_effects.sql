-- what each override that held a day did, and what the model said on the first and on the latest of its days
with

days as (

    select
        score_model,
        account_id,
        starts_on,
        as_of_date,
        computed_band,
        health_score,
        is_better,
        is_worse,
        row_number() over (partition by score_model, account_id, starts_on order by as_of_date asc) as first_place,
        row_number() over (partition by score_model, account_id, starts_on order by as_of_date desc) as latest_place
    from {{ ref('int_actions__override_days') }}

),

final as (

    select
        score_model,
        account_id,
        starts_on,
        count(*) as days_in_effect,
        count(case when is_better then 1 end) as days_better,
        count(case when is_worse then 1 end) as days_worse,
        min(as_of_date) as first_day_in_effect,
        max(as_of_date) as latest_day_in_effect,
        max(case when first_place = 1 then computed_band end) as first_computed_band,
        max(case when first_place = 1 then health_score end) as first_health_score,
        max(case when latest_place = 1 then computed_band end) as latest_computed_band,
        max(case when latest_place = 1 then health_score end) as latest_health_score
    from days
    group by score_model, account_id, starts_on

)

select * from final
