{{ config(materialized = 'ephemeral') }}

-- The newest date by groups of accounts: those that name a parent, and the parent itself. One level, as the CRM has it:
-- an account that is a parent and has one stands in two groups (decisions.md E17).
with

newest as (

    -- not of the history, which has no row of a day on which everybody had left
    select max(as_of_date) as as_of_date
    from {{ ref('customer_health_signal_days') }}

),

latest as (

    select
        history.score_model,
        history.account_id,
        -- who names itself names nobody
        nullif(accounts.parent_account_id, history.account_id) as parent_account_id,
        history.as_of_date,
        history.segment,
        history.health_score,
        history.band,
        history.band_label,
        history.arr,
        history.renewal_date,
        history.config_version
    from {{ ref('customer_health_history') }} as history
    inner join newest
        on history.as_of_date = newest.as_of_date
    inner join {{ ref('int_config__score_models') }} as models
        on
            history.score_model = models.score_model
            and models.is_published
    inner join {{ ref('stg_crm__accounts') }} as accounts
        on history.account_id = accounts.account_id

),

memberships as (

    select score_model, parent_account_id, account_id
    from latest
    where parent_account_id is not null
    union
    select score_model, parent_account_id, parent_account_id as account_id
    from latest
    where parent_account_id is not null

),

final as (

    select
        memberships.score_model,
        memberships.parent_account_id,
        latest.as_of_date,
        latest.account_id,
        latest.health_score,
        latest.band,
        latest.band_label,
        latest.arr,
        latest.renewal_date,
        ranks.min_score as band_min_score,
        coalesce(ranks.is_worst, false) as is_at_risk
    from memberships
    -- a parent that is no customer on the date has no row here
    inner join latest
        on
            memberships.score_model = latest.score_model
            and memberships.account_id = latest.account_id
    left join {{ ref('int_actions__segment_bands') }} as ranks
        on
            latest.config_version = ranks.config_version
            and latest.segment = ranks.segment
            and latest.band = ranks.band

)

select * from final
