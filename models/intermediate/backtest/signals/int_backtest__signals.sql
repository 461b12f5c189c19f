-- what each signal said on the dates of the backtest, whatever a model makes of it; a signal without normalization as
-- it was measured
with

measured as (

    select
        normalized.account_id,
        normalized.as_of_day,
        signals.signal_id,
        {{ signal_case('signals.signal_id', 'normalized') }} as normalized_score,
        case when signals.normalization is null then {{ signal_case('signals.signal_id', 'live') }} end as bare_value
    from {{ ref('int_scores__normalized') }} as normalized
    inner join {{ ref('int_scores__live_values') }} as live
        on
            normalized.account_id = live.account_id
            and normalized.as_of_day = live.as_of_day
    cross join {{ ref('int_config__signals') }} as signals
    where
        normalized.is_panel
        and live.is_panel

),

final as (

    select
        account_id,
        as_of_day,
        signal_id,
        {{ published('coalesce(normalized_score, bare_value)', 6) }} as signal_score
    from measured
    where coalesce(normalized_score, bare_value) is not null

)

select * from final
