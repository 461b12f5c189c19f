{{ config(materialized = 'ephemeral') }}

-- has anybody of ours spoken with the account since it was flagged?
with

accounts as (

    select
        account_id,
        {{ day_number('band_since') }} + 1 as flagged_day,
        {{ day_number('as_of_date') }} as as_of_day
    from {{ ref('int_actions__accounts') }}

),

-- what happens after the as-of date is not known yet
final as (

    select
        accounts.account_id,
        min(touchpoints.occurred_at) as first_touchpoint_at,
        max(touchpoints.occurred_at) as last_touchpoint_at
    from accounts
    inner join {{ ref('stg_crm__touchpoints') }} as touchpoints
        on
            accounts.account_id = touchpoints.account_id
            and {{ day_number('touchpoints.occurred_at') }} >= accounts.flagged_day
            and {{ day_number('touchpoints.occurred_at') }} <= accounts.as_of_day
    group by accounts.account_id

)

select * from final
