-- settings of alerts that nothing reads, or that are missing
with

settings as (

    select
        seed_name,
        row_text,
        score_model,
        alert_type,
        threshold,
        hysteresis_points,
        min_dwell_days,
        {{ read_number('hysteresis_points') }} as hysteresis_read,
        {{ read_number('min_dwell_days') }} as dwell_read
    from {{ ref('int_checks__seed_rows') }}
    where seed_name = 'alert_settings'

),

findings as (

    select
        seed_name,
        row_text,
        case
            when alert_type in ('score_drop', 'renewal_at_risk') and threshold is null
                then
                    'the threshold is empty; write '
                    || case alert_type when 'score_drop' then 'points, for example 15' else 'days, for example 90' end
            when alert_type not in ('score_drop', 'renewal_at_risk') and threshold is not null
                then
                    'the threshold "' || threshold || '" is read by nothing; leave it empty (only score_drop and'
                    || ' renewal_at_risk have one)'
            when alert_type not in ('band_worse', 'band_better') and hysteresis_points is not null
                then
                    'the hysteresis_points "' || hysteresis_points || '" are read by nothing; leave them empty (only'
                    || ' band_worse and band_better have them)'
        end as problem
    from settings
    union all
    select
        former.seed_name,
        former.row_text,
        case
            when latter.seed_name is null
                then
                    'the model has no row for '
                    || case former.alert_type when 'band_worse' then 'band_better' else 'band_worse' end
                    || '; add it, with is_on false if nobody wants it'
            when
                former.alert_type = 'band_worse'
                and (
                    coalesce(former.hysteresis_read, -1) <> coalesce(latter.hysteresis_read, -1)
                    or former.dwell_read <> latter.dwell_read
                )
                then
                    'its hysteresis_points and min_dwell_days are not those of the row "' || latter.row_text
                    || '"; write the same in both, because a band settles once for both'
        end as problem
    from settings as former
    left join settings as latter
        on
            former.score_model = latter.score_model
            and former.alert_type <> latter.alert_type
            and latter.alert_type in ('band_worse', 'band_better')
    where former.alert_type in ('band_worse', 'band_better')

)

select
    seed_name,
    row_text,
    'error' as severity,
    problem
from findings
where problem is not null
