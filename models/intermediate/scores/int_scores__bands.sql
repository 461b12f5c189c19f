-- the first of onboarding, insufficient data and the band of the score; then rules; overrides come later
with

scored as (

    select
        segments.score_model,
        segments.is_published,
        accounts.account_id,
        accounts.as_of_day,
        accounts.tenure_days,
        segments.thresholds_segment,
        models.min_tenure_days,
        models.min_coverage,
        models.min_model_coverage,
        scores.score,
        {{ published('scores.score', 1) }} as rounded_score,
        {{ published('scores.floor_score', 1) }} as score_floor,
        {{ published('scores.ceiling_score', 1) }} as score_ceiling,
        coalesce(scores.coverage, 0) as coverage,
        coalesce(scores.model_coverage, 0) as model_coverage,
        scores.usage_score,
        scores.support_score,
        scores.relationship_score,
        scores.financial_score
    from {{ ref('int_scores__inputs') }} as accounts
    inner join {{ ref('int_scores__segments') }} as segments
        on accounts.segment = segments.segment
    inner join {{ ref('int_config__score_models') }} as models
        on segments.score_model = models.score_model
    left join {{ ref('int_scores__scores') }} as scores
        on
            segments.score_model = scores.score_model
            and accounts.account_id = scores.account_id
            and accounts.as_of_day = scores.as_of_day
    -- a candidate is scored for the backtest only
    where segments.is_published or accounts.is_panel

),

banded as (

    select
        scored.*,
        case
            when scored.tenure_days < scored.min_tenure_days then 'onboarding'
            when
                scored.score is null
                or not ({{ reaches('scored.coverage', 'scored.min_coverage') }})
                or not ({{ reaches('scored.model_coverage', 'scored.min_model_coverage') }})
                then 'insufficient_data'
        end as unscored_band,
        score_band.band as score_band,
        score_band.min_score as score_band_min_score,
        coalesce(floor_band.band = ceiling_band.band, false) as band_is_certain,
        coalesce(fired_rules.fired_rules, '') as fired_rules,
        fired_rules.best_min_score
    from scored
    left join {{ ref('int_scores__threshold_ranges') }} as score_band
        on
            scored.score_model = score_band.score_model
            and scored.thresholds_segment = score_band.segment
            and {{ reaches('scored.rounded_score', 'score_band.min_score') }}
            and not ({{ reaches('scored.rounded_score', 'score_band.next_min_score') }})
    left join {{ ref('int_scores__threshold_ranges') }} as floor_band
        on
            scored.score_model = floor_band.score_model
            and scored.thresholds_segment = floor_band.segment
            and {{ reaches('scored.score_floor', 'floor_band.min_score') }}
            and not ({{ reaches('scored.score_floor', 'floor_band.next_min_score') }})
    left join {{ ref('int_scores__threshold_ranges') }} as ceiling_band
        on
            scored.score_model = ceiling_band.score_model
            and scored.thresholds_segment = ceiling_band.segment
            and {{ reaches('scored.score_ceiling', 'ceiling_band.min_score') }}
            and not ({{ reaches('scored.score_ceiling', 'ceiling_band.next_min_score') }})
    left join {{ ref('int_scores__fired_rules') }} as fired_rules
        on
            scored.score_model = fired_rules.score_model
            and scored.account_id = fired_rules.account_id
            and scored.as_of_day = fired_rules.as_of_day

),

final as (

    select
        banded.score_model,
        banded.is_published,
        banded.account_id,
        banded.as_of_day,
        case when banded.unscored_band is null then banded.score end as score_exact,
        case when banded.unscored_band is null then banded.rounded_score end as health_score,
        -- a rule lowers a better band, never raises a worse one
        coalesce(
            banded.unscored_band,
            case when banded.best_min_score < banded.score_band_min_score then lowered.band end,
            banded.score_band
        ) as computed_band,
        banded.thresholds_segment,
        banded.coverage,
        banded.model_coverage,
        banded.score_floor,
        banded.score_ceiling,
        banded.band_is_certain,
        banded.usage_score,
        banded.support_score,
        banded.relationship_score,
        banded.financial_score,
        banded.fired_rules
    from banded
    left join {{ ref('int_config__score_thresholds') }} as lowered
        on
            banded.score_model = lowered.score_model
            and banded.thresholds_segment = lowered.segment
            and banded.best_min_score = lowered.min_score

)

select * from final
