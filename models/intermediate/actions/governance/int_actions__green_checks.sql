{{ config(materialized = 'ephemeral') }}

-- How many of the days that the book spent in its best band in the last 90 days did an author's overrides make? Of the
-- default score model, which is the one that people read.
with

band_days as (

    select
        history.config_version,
        history.segment,
        history.band,
        count(*) as account_days
    from {{ ref('customer_health_history') }} as history
    inner join {{ ref('int_config__score_models') }} as models
        on
            history.score_model = models.score_model
            and models.is_default
    -- a constant spares the engine the days before
    where history.as_of_date > {{ add_days(newest_scored_date(), -90) }}
    group by history.config_version, history.segment, history.band

),

threshold_sets as (

    select distinct config_version, segment
    from {{ ref('int_actions__bands') }}

),

book as (

    select sum(band_days.account_days) as best_days
    from band_days
    left join threshold_sets
        on
            band_days.config_version = threshold_sets.config_version
            and band_days.segment = threshold_sets.segment
    inner join {{ ref('int_actions__bands') }} as ranks
        on
            band_days.config_version = ranks.config_version
            and coalesce(threshold_sets.segment, '*') = ranks.segment
            and band_days.band = ranks.band
            and ranks.is_best

),

authors as (

    select
        days.author,
        count(distinct case when days.is_best_band and days.is_better then days.account_id end) as kept_accounts,
        count(case when days.is_best_band and days.is_better then 1 end) as kept_days,
        count(case when days.is_best_band and days.is_better then 1 end)
        / (nullif(max(book.best_days), 0) + 0.0) as observed
    from {{ ref('int_actions__override_days') }} as days
    cross join book
    inner join {{ ref('int_config__score_models') }} as models
        on
            days.score_model = models.score_model
            and models.is_default
    where days.as_of_date > {{ add_days(newest_scored_date(), -90) }}
    group by days.author

),

final as (

    select
        'green_by_override' as gaming_check,
        'author' as subject_kind,
        author as subject,
        coalesce(observed, 0) as observed,
        {{ var('gaming_best_band_share') }} as expected,
        kept_days as rows_behind,
        -- one or two accounts may well have a reason that no signal knows
        coalesce(
            kept_accounts >= {{ var('gaming_min_cases') }} and observed > {{ var('gaming_best_band_share') }}, false
        ) as is_flagged,
        'Accounts that overrides by ' || author || ' kept in the best band against the model: '
        || cast(kept_accounts as {{ dbt.type_string() }}) || '; account-days: '
        || cast(kept_days as {{ dbt.type_string() }}) || ', ' || {{ decimal_text('100 * coalesce(observed, 0)', 1) }}
        || ' % of all that the book spent there in the last 90 days.' as sentence
    from authors

)

select * from final
