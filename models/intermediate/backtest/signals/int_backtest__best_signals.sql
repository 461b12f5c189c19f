-- the strongest signal that at least half of the rows have, chosen with hindsight, so that it is hard to beat
with

panel as (

    select score_model, count(*) as panel_rows
    from {{ ref('int_backtest__panel') }}
    where population = 'scored'
    group by score_model

),

placed as (

    select
        aucs.score_model,
        aucs.predictor as signal_id,
        aucs.auc,
        row_number() over (
            partition by aucs.score_model
            order by {{ published('aucs.auc', 6) }} desc, {{ as_bytes('aucs.predictor') }} asc
        ) as place
    from {{ ref('int_backtest__signal_aucs') }} as aucs
    inner join {{ ref('int_config__signals') }} as signals
        on
            aucs.predictor = signals.signal_id
            and signals.normalization is not null
    inner join panel
        on aucs.score_model = panel.score_model
    where
        aucs.dimension = 'book'
        and aucs.auc is not null
        and aucs.panel_rows * 2 >= panel.panel_rows

)

select score_model, signal_id
from placed
where place = 1
