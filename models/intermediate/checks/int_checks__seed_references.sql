-- names that another file, or the accounts, do not know
with

seed_rows as (

    select * from {{ ref('int_checks__seed_rows') }}

),

thresholds as (

    select distinct
        score_model,
        segment,
        band
    from seed_rows
    where seed_name = 'score_thresholds' and segment is not null

),

unknown_models as (

    select
        seed_rows.seed_name,
        seed_rows.row_text,
        'error' as severity,
        'the score_model "' || seed_rows.score_model || '" is not in seeds/score_models.csv; correct it, or add the model there'
        as problem
    from seed_rows
    left join seed_rows as models
        on seed_rows.score_model = models.score_model and models.seed_name = 'score_models'
    where
        seed_rows.score_model is not null
        and models.score_model is null
        -- an empty file is one finding, not one for each row that names it
        and exists (select 1 from seed_rows as filled where filled.seed_name = 'score_models')

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
        and exists (select 1 from seed_rows as filled where filled.seed_name = 'signals')

),

-- a rule or an override may meet an account of any segment, so each threshold set of the model needs the band
named_bands as (

    select
        seed_name,
        row_text,
        score_model,
        case seed_name when 'band_rules' then best_band else band end as band
    from seed_rows
    where seed_name in ('band_rules', 'manual_overrides')

),

unknown_bands as (

    select
        named_bands.seed_name,
        named_bands.row_text,
        'error' as severity,
        'the band "' || named_bands.band || '" is not in seeds/score_thresholds.csv for score_model "' || segments.score_model
        || '" and segment "' || segments.segment || '"; write one of its bands, or add this one there' as problem
    from named_bands
    inner join (select distinct score_model, segment from thresholds) as segments
        on named_bands.score_model = segments.score_model
    left join thresholds
        on
            segments.score_model = thresholds.score_model
            and segments.segment = thresholds.segment
            and named_bands.band = thresholds.band
    where named_bands.band is not null and thresholds.band is null

),

unknown_segments as (

    select
        seed_rows.seed_name,
        seed_rows.row_text,
        'warning' as severity,
        'no account is in the segment "' || seed_rows.segment || '"; check its spelling, which is case-sensitive' as problem
    from seed_rows
    left join {{ ref('stg_crm__accounts') }} as accounts on seed_rows.segment = accounts.segment
    where seed_rows.segment <> '*' and accounts.segment is null

),

unknown_accounts as (

    select
        seed_rows.seed_name,
        seed_rows.row_text,
        'warning' as severity,
        'no account has the account_id "' || seed_rows.account_id || '"; check its spelling, which is case-sensitive' as problem
    from seed_rows
    left join {{ ref('stg_crm__accounts') }} as accounts on seed_rows.account_id = accounts.account_id
    where seed_rows.account_id is not null and accounts.account_id is null

)

select * from unknown_models
union all
select * from unknown_signals
union all
select * from unknown_bands
union all
select * from unknown_segments
union all
select * from unknown_accounts
