-- The score and what it has to beat, as risks of the same rows. A row on which a baseline knows nothing takes its mean
-- over the others. As published: {{ ref('customer_health_history') }}
with

panel as (

    select
        score_model, account_id, as_of_day, panel_date, panel_part, health_score, weights_segment, tenure_days
    from {{ ref('int_backtest__panel') }}
    where population = 'scored'

),

equal_weights as (

    select
        panel.score_model,
        panel.account_id,
        panel.as_of_day,
        {{ exact_sum('signals.signal_score') }} / count(*) as mean_score
    from panel
    inner join {{ ref('int_config__score_weights') }} as weights
        on
            panel.score_model = weights.score_model
            and panel.weights_segment = weights.segment
    inner join {{ ref('int_backtest__signals') }} as signals
        on
            panel.account_id = signals.account_id
            and panel.as_of_day = signals.as_of_day
            and weights.signal_id = signals.signal_id
    group by panel.score_model, panel.account_id, panel.as_of_day

),

-- the newest word of each other tool, of the 90 days before
external_scores as (

    select
        panel.account_id,
        panel.as_of_day,
        external.system,
        external.score,
        row_number() over (
            partition by panel.score_model, panel.account_id, panel.as_of_day, external.system
            order by external.scored_on desc
        ) as place,
        panel.score_model
    from panel
    inner join {{ ref('stg_crm__external_scores') }} as external
        on
            panel.account_id = external.account_id
            and panel.panel_date >= external.scored_on
            and external.scored_on > {{ add_days('panel.panel_date', -90) }}

),

systems as (

    select distinct system
    from external_scores

),

risks as (

    select score_model, account_id, as_of_day, 'health_score' as predictor, -health_score as risk
    from panel
    union all
    select panel.score_model, panel.account_id, panel.as_of_day, 'score_as_published', -history.health_score
    from panel
    left join {{ ref('customer_health_history') }} as history
        on
            panel.score_model = history.score_model
            and panel.account_id = history.account_id
            and panel.panel_date = history.as_of_date
    union all
    -- who came last has had the least time to stay
    select score_model, account_id, as_of_day, 'tenure', -tenure_days
    from panel
    union all
    -- who never logged in has been away for as long as it is a customer
    select
        panel.score_model, panel.account_id, panel.as_of_day, 'days_since_last_login',
        case
            when logins.last_login_day >= panel.as_of_day - panel.tenure_days
                then panel.as_of_day - logins.last_login_day
            when streams.stream is not null then panel.tenure_days
        end
    from panel
    left join {{ ref('int_backtest__last_logins') }} as logins
        on
            panel.account_id = logins.account_id
            and panel.as_of_day = logins.as_of_day
    left join {{ ref('int_scores__streams') }} as streams
        on
            panel.as_of_day = streams.as_of_day
            and streams.stream = 'logins'
    union all
    select score_model, account_id, as_of_day, 'equal_weights', {{ published('-mean_score', 1) }}
    from equal_weights
    union all
    select panel.score_model, panel.account_id, panel.as_of_day, 'best_single_signal', -signals.signal_score
    from panel
    inner join {{ ref('int_backtest__best_signals') }} as best
        on panel.score_model = best.score_model
    left join {{ ref('int_backtest__signals') }} as signals
        on
            panel.account_id = signals.account_id
            and panel.as_of_day = signals.as_of_day
            and best.signal_id = signals.signal_id
    union all
    select
        panel.score_model, panel.account_id, panel.as_of_day, 'external:' || systems.system,
        {{ published('-external.score', 6) }}
    from panel
    cross join systems
    left join external_scores as external
        on
            panel.score_model = external.score_model
            and panel.account_id = external.account_id
            and panel.as_of_day = external.as_of_day
            and systems.system = external.system
            and external.place = 1
    union all
    select score_model, account_id, as_of_day, 'proposed_weights', -proposed_score
    from {{ ref('int_backtest__proposed_scores') }}

),

means as (

    select
        score_model,
        predictor,
        {{ published('sum(' ~ exact('risk') ~ ') / nullif(count(risk), 0)', 6) }} as mean_risk
    from risks
    group by score_model, predictor

),

final as (

    select
        risks.score_model,
        risks.account_id,
        risks.as_of_day,
        risks.predictor,
        cast(coalesce(risks.risk, means.mean_risk) as {{ dbt.type_numeric() }}) as risk,
        risks.risk is not null as has_value
    from risks
    inner join means
        on
            risks.score_model = means.score_model
            and risks.predictor = means.predictor
            -- a company without logins has no such baseline
            and means.mean_risk is not null

)

select * from final
