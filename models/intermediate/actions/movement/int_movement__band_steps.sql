{{ config(materialized = 'ephemeral') }}

-- The step on the way from one score to the other (int_movement__splits) after which it stays in the band that it
-- ends in: 1 configuration, 2 feeds, 3 coverage, 4 behaviour; 0 where the score never left that band.
with

splits as (

    select
        days.score_model,
        days.account_id,
        days.as_of_date,
        days.segment,
        days.config_version,
        days.from_segment,
        days.from_config_version,
        splits.from_score_exact,
        splits.configured_score,
        splits.feeds_score,
        splits.covered_score,
        splits.score_exact
    from {{ ref('int_movement__band_days') }} as days
    inner join {{ ref('int_movement__splits') }} as splits
        on
            days.score_model = splits.score_model
            and days.account_id = splits.account_id
            and days.as_of_date = splits.as_of_date
            and days.compared_date = splits.compared_date

),

steps as (

    select
        score_model, account_id, as_of_date, 0 as step, from_config_version as config_version, from_segment as segment,
        from_score_exact as score
    from splits
    union all
    select score_model, account_id, as_of_date, 1 as step, config_version, segment, configured_score as score
    from splits
    union all
    select score_model, account_id, as_of_date, 2 as step, config_version, segment, feeds_score as score
    from splits
    union all
    select score_model, account_id, as_of_date, 3 as step, config_version, segment, covered_score as score
    from splits
    union all
    select score_model, account_id, as_of_date, 4 as step, config_version, segment, score_exact as score
    from splits

),

rounded as (

    select
        score_model,
        account_id,
        as_of_date,
        step,
        config_version,
        segment,
        {{ published('score', 1) }} as score
    from steps

),

banded as (

    select
        rounded.score_model,
        rounded.account_id,
        rounded.as_of_date,
        rounded.step,
        thresholds.band
    from rounded
    inner join {{ ref('int_actions__segment_bands') }} as thresholds
        on
            rounded.config_version = thresholds.config_version
            and rounded.segment = thresholds.segment
            and {{ reaches('rounded.score', 'thresholds.min_score') }}
            and not ({{ reaches('rounded.score', 'thresholds.next_min_score') }})

),

final as (

    select
        banded.score_model,
        banded.account_id,
        banded.as_of_date,
        last_steps.band as score_band,
        coalesce(max(case when banded.band <> last_steps.band then banded.step end) + 1, 0) as deciding_step
    from banded
    inner join banded as last_steps
        on
            banded.score_model = last_steps.score_model
            and banded.account_id = last_steps.account_id
            and banded.as_of_date = last_steps.as_of_date
            and last_steps.step = 4
    group by banded.score_model, banded.account_id, banded.as_of_date, last_steps.band

)

select * from final
