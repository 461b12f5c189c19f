-- every configured row that can change a score, once for each score model it holds for
-- depends_on: {{ ref('int_checks__seeds') }}
with

seed_rows as (

    select *
    from {{ ref('int_checks__seed_rows') }}
    where
        seed_name in (
            'score_models', 'signals', 'signal_steps', 'score_weights', 'score_thresholds', 'band_rules',
            'churn_intents',
            'source_freshness'
        )

),

models as (

    select score_model from {{ ref('int_config__score_models') }}

),

settings as (

    {{ scoring_settings() }}

),

model_rows as (

    select
        models.score_model,
        seed_rows.seed_name as seed,
        seed_rows.canonical_text as row_text
    from models
    inner join seed_rows on coalesce(seed_rows.score_model, models.score_model) = models.score_model
    union all
    select
        models.score_model,
        'vars' as seed,
        settings.row_text
    from models
    cross join settings

),

final as (

    select
        model_rows.score_model,
        model_rows.seed,
        row_number() over (
            partition by model_rows.score_model, model_rows.seed
            order by {{ as_bytes('model_rows.row_text') }}
        ) as row_number,
        model_rows.row_text,
        seed_rows.segment,
        seed_rows.score_group,
        seed_rows.signal_id,
        seed_rows.bucket,
        case when model_rows.seed = 'signals' then seed_rows.label end as label,
        case when model_rows.seed = 'score_models' then seed_rows.label end as model_label,
        seed_rows.unit,
        seed_rows.reads,
        cast({{ read_number('needs_days') }} as integer) as needs_days,
        cast({{ read_number('min_evidence') }} as integer) as min_evidence,
        seed_rows.normalization,
        {{ read_number('worst_value') }} as worst_value,
        {{ read_number('best_value') }} as best_value,
        {{ read_number('lower_bound') }} as lower_bound,
        {{ read_number('normalized_score') }} as normalized_score,
        {{ read_number('weight') }} as weight,
        seed_rows.band,
        seed_rows.band_label,
        {{ read_number('min_score') }} as min_score,
        seed_rows.rule_id,
        seed_rows.operator,
        {{ read_number('value') }} as value,
        {{ read_boolean('only_when_silent') }} as only_when_silent,
        seed_rows.best_band,
        {{ lower_ascii('intent') }} as intent,
        seed_rows.keyword,
        seed_rows.stream,
        cast({{ read_number('stale_after_days') }} as integer) as stale_after_days,
        {{ read_date('ended_on') }} as ended_on,
        {{ read_number('min_coverage') }} as min_coverage,
        {{ read_number('min_model_coverage') }} as min_model_coverage,
        cast({{ read_number('min_tenure_days') }} as integer) as min_tenure_days,
        {{ read_boolean('is_default') }} as is_default,
        {{ read_boolean('is_published') }} as is_published
    from model_rows
    left join seed_rows
        on
            model_rows.seed = seed_rows.seed_name
            and model_rows.row_text = seed_rows.canonical_text

)

select * from final
