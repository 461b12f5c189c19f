-- Each weighed signal at both ends of a pair. Between them stand two days that never were: the earlier one with the
-- feeds of the later one, and the earlier one with everything that the later one knows of.
with

both_ends as (

    select
        pairs.score_model,
        pairs.account_id,
        pairs.as_of_date,
        pairs.compared_date,
        later.signal_id,
        later.bucket,
        later.score_group,
        later.weight,
        earlier.normalized_score as earlier_score,
        later.normalized_score as later_score,
        earlier.is_silenced <> later.is_silenced as is_feed_change
    from {{ ref('int_movement__pairs') }} as pairs
    inner join {{ ref('int_movement__earned') }} as later
        on
            pairs.score_model = later.score_model
            and pairs.account_id = later.account_id
            and pairs.as_of_date = later.as_of_date
            and pairs.segment = later.segment
            and pairs.config_version = later.config_version
    inner join {{ ref('int_movement__earned') }} as earlier
        on
            pairs.score_model = earlier.score_model
            and pairs.account_id = earlier.account_id
            and pairs.compared_date = earlier.as_of_date
            and pairs.segment = earlier.segment
            and pairs.config_version = earlier.config_version
            and later.signal_id = earlier.signal_id

),

on_the_way as (

    select
        *,
        case when is_feed_change then later_score else earlier_score end as feeds_score,
        case when later_score is not null then coalesce(earlier_score, later_score) end as covered_score
    from both_ends

),

weighed as (

    select
        *,
        sum({{ exact('weight') }}) over score_group_of_pair as group_weight,
        sum({{ exact('case when earlier_score is not null then weight end') }}) over score_group_of_pair
            as earlier_weight,
        sum({{ exact('case when feeds_score is not null then weight end') }}) over score_group_of_pair as feeds_weight,
        sum({{ exact('case when later_score is not null then weight end') }}) over score_group_of_pair as later_weight
    from on_the_way
    window
        score_group_of_pair as (partition by score_model, account_id, as_of_date, compared_date, score_group)

),

-- a missing signal's weight goes to the rest of its own group first, as in the score
final as (

    select
        score_model,
        account_id,
        as_of_date,
        compared_date,
        signal_id,
        bucket,
        earlier_score,
        feeds_score,
        covered_score,
        later_score,
        case when earlier_score is not null then {{ safe_divide('group_weight * weight', 'earlier_weight') }} end
            as earlier_share,
        case when feeds_score is not null then {{ safe_divide('group_weight * weight', 'feeds_weight') }} end
            as feeds_share,
        case when later_score is not null then {{ safe_divide('group_weight * weight', 'later_weight') }} end
            as later_share
    from weighed

)

select * from final
