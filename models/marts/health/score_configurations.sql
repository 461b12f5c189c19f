{{
    config(
        materialized = 'incremental',
        full_refresh = false,
        unique_key = ['config_version', 'seed', 'row'],
        on_schema_change = 'append_new_columns'
    )
}}

-- kept for good: a score of last year is explained by the configuration of last year
with

newest as (

    select max(as_of_date) as as_of_date
    from {{ ref('int_scores__as_of_dates') }}

),

final as (

    select
        versions.config_version,
        configured.score_model,
        configured.seed,
        cast(configured.row_number as integer) as row,
        newest.as_of_date as first_used_on,
        configured.row_text,
        configured.segment,
        configured.score_group,
        configured.signal_id,
        configured.bucket,
        configured.label,
        configured.model_label,
        configured.unit,
        configured.reads,
        configured.needs_days,
        configured.min_evidence,
        configured.normalization,
        configured.worst_value,
        configured.best_value,
        configured.lower_bound,
        configured.normalized_score,
        configured.weight,
        configured.band,
        configured.band_label,
        configured.min_score,
        configured.rule_id,
        configured.operator,
        configured.value,
        configured.only_when_silent,
        configured.best_band,
        configured.intent,
        configured.keyword,
        configured.stream,
        configured.stale_after_days,
        configured.ended_on,
        configured.min_coverage,
        configured.min_model_coverage,
        configured.min_tenure_days,
        configured.is_default,
        configured.is_published
    from {{ ref('int_config__rows') }} as configured
    inner join {{ ref('int_config__versions') }} as versions
        on configured.score_model = versions.score_model
    -- a candidate has made no score that anybody saw
    inner join {{ ref('int_config__score_models') }} as models
        on
            configured.score_model = models.score_model
            and models.is_published
    cross join newest

)

select * from final
{% if is_incremental() %}
where config_version not in (select stored.config_version from {{ this }} as stored)
{% endif %}
