-- what people open in the morning and what trends are drawn from are one and the same
with

history as (

    select
        scores.score_model,
        scores.account_id,
        scores.as_of_date,
        scores.health_score,
        scores.band,
        scores.config_version
    from {{ ref('customer_health_history') }} as scores
    inner join {{ ref('int_config__score_models') }} as models
        on
            scores.score_model = models.score_model
            and models.is_published
    inner join {{ ref('stg_crm__accounts') }} as accounts
        on scores.account_id = accounts.account_id
    where scores.as_of_date = {{ newest_scored_date() }}

),

shown as (

    select
        score_model,
        account_id,
        as_of_date,
        health_score,
        band,
        config_version
    from {{ ref('customer_health_models') }}

),

not_shown as (

    select * from history
    except
    select * from shown

),

not_stored as (

    select * from shown
    except
    select * from history

)

select * from not_shown
union all
select * from not_stored
