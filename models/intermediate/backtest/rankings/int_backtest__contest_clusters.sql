{{ config(materialized = 'view') }}

-- two rankings of the same rows side by side: a score and each of its baselines, and two score models both ways
with

baselines as (

    select *
    from {{ ref('int_backtest__predictor_clusters') }}
    where dimension in ('book', 'segment', 'part')

),

contestants as (

    select
        own.score_model,
        other.predictor as compared_with,
        'baseline' as compared_kind,
        own.dimension,
        own.dimension_value,
        own.account_id,
        own.panel_rows,
        own.churned_rows,
        own.retained_rows,
        own.outranked_retained,
        own.outranking_churned,
        own.churned_in_tenth,
        other.outranked_retained as compared_outranked_retained,
        other.outranking_churned as compared_outranking_churned,
        other.churned_in_tenth as compared_churned_in_tenth
    from baselines as own
    inner join baselines as other
        on
            own.score_model = other.score_model
            and own.dimension = other.dimension
            and own.dimension_value = other.dimension_value
            and own.account_id = other.account_id
            and own.predictor = 'health_score'
            and other.predictor <> 'health_score'
    union all
    select
        own.predictor,
        other.predictor,
        'score_model',
        own.dimension,
        own.dimension_value,
        own.account_id,
        own.panel_rows,
        own.churned_rows,
        own.retained_rows,
        own.outranked_retained,
        own.outranking_churned,
        own.churned_in_tenth,
        other.outranked_retained,
        other.outranking_churned,
        other.churned_in_tenth
    from {{ ref('int_backtest__model_clusters') }} as own
    inner join {{ ref('int_backtest__model_clusters') }} as other
        on
            own.score_model = other.score_model
            and own.dimension = other.dimension
            and own.dimension_value = other.dimension_value
            and own.account_id = other.account_id
            and own.predictor <> other.predictor

)

select * from contestants
