-- models and signals that their own file does not know
with

seed_rows as (

    select * from {{ ref('int_checks__seed_rows') }}

),

unknown_models as (

    select
        seed_rows.seed_name,
        seed_rows.row_text,
        'error' as severity,
        'the score_model "' || seed_rows.score_model || '" is not in seeds/score_models.csv; correct it,'
        || ' or add the model there'
            as problem
    from seed_rows
    left join seed_rows as models
        on seed_rows.score_model = models.score_model and models.seed_name = 'score_models'
    where
        seed_rows.score_model is not null
        and models.score_model is null
        -- an empty file is one finding, not one for each row that names it
        and exists (
            select 1 from seed_rows as filled
            where filled.seed_name = 'score_models'
        )

),

unknown_signals as (

    select
        seed_rows.seed_name,
        seed_rows.row_text,
        'error' as severity,
        'the signal_id "' || seed_rows.signal_id || '" is not in seeds/signals.csv; correct it, or add the signal there'
            as problem
    from seed_rows
    left join seed_rows as signals
        on seed_rows.signal_id = signals.signal_id and signals.seed_name = 'signals'
    where
        seed_rows.signal_id is not null
        and signals.signal_id is null
        and exists (
            select 1 from seed_rows as filled
            where filled.seed_name = 'signals'
        )

)

select * from unknown_models
union all
select * from unknown_signals
