{{ config(materialized = 'ephemeral') }}

-- Did an author's overrides to a better band cover accounts that were about to leave? Beside each stand the accounts
-- that the model had in the same band on the day it began and that nobody overrode, watched for as long.
with

better as (

    select
        score_model,
        account_id,
        starts_on,
        author,
        first_day_in_effect,
        first_computed_band,
        watched_until,
        is_lapsed_into_churn
    from {{ ref('override_audit') }}
    where days_better > 0

),

churns as (

    select account_id, {{ date_from_day('event_day') }} as churned_on
    from {{ ref('int_activity__lifecycle_days') }}
    where is_churn

),

peers as (

    select
        better.score_model,
        better.account_id,
        better.starts_on,
        count(distinct history.account_id) as peers,
        count(distinct churns.account_id) as churned_peers
    from better
    inner join {{ ref('customer_health_history') }} as history
        on
            better.score_model = history.score_model
            and better.first_day_in_effect = history.as_of_date
            and better.first_computed_band = history.computed_band
            and history.override_reason is null
    left join churns
        on
            history.account_id = churns.account_id
            and better.first_day_in_effect < churns.churned_on
            and better.watched_until >= churns.churned_on
    group by better.score_model, better.account_id, better.starts_on

),

authors as (

    select
        better.author,
        count(*) as overrides,
        count(case when better.is_lapsed_into_churn then 1 end) as lapsed,
        count(case when better.is_lapsed_into_churn then 1 end) / (count(*) + 0.0) as observed,
        {{ exact_sum(safe_divide('peers.churned_peers', 'peers.peers')) }}
        / nullif(count(peers.peers), 0) as expected
    from better
    left join peers
        on
            better.score_model = peers.score_model
            and better.account_id = peers.account_id
            and better.starts_on = peers.starts_on
    group by better.author

),

final as (

    select
        'override_lapsed_into_churn' as gaming_check,
        'author' as subject_kind,
        author as subject,
        observed,
        expected,
        overrides as rows_behind,
        coalesce(
            overrides >= {{ var('gaming_min_cases') }}
            and observed > {{ var('gaming_times_expected') }} * expected,
            false
        ) as is_flagged,
        'Overrides by ' || author || ' to a better band: ' || cast(overrides as {{ dbt.type_string() }})
        || ', ended in churn: ' || cast(lapsed as {{ dbt.type_string() }}) || ' ('
        || {{ decimal_text('100 * observed', 1) }} || ' %). ' || coalesce(
            'Of accounts in the same band that nobody overrode ' || {{ decimal_text('100 * expected', 1) }}
            || ' % left in the same time.',
            'No other account was in the same band to compare with.'
        ) as sentence
    from authors

)

select * from final
