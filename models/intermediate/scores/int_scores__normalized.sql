{{ config(materialized = 'view') }}

-- what each signal earns, 0 (worst) to 100 (best), where its value is live
with

-- one row, so that each signal is one expression
signals as (

    select
        {{ signal_pivot('normalization', '_normalization') }},
        {{ signal_pivot('worst_value', '_worst_value') }},
        {{ signal_pivot('best_value', '_best_value') }}
    from {{ ref('int_config__signals') }}

),

linear as (

    select
        live.*,
        {{ each_signal(normalized_score(
            'live.<signal>', 'signals.<signal>_normalization',
            'signals.<signal>_worst_value', 'signals.<signal>_best_value', 'null'
        ) ~ ' as <signal>_linear') }}
    from {{ ref('int_scores__live_values') }} as live
    cross join signals

),

final as (

    select
        linear.account_id,
        linear.as_of_day,
        linear.segment,
        linear.is_panel,
        linear.live_signals,
        linear.absent_signals,
        {{ each_signal(
            'coalesce(linear.<signal>_linear,'
            ~ ' case when linear.<signal> is not null then <signal>_steps.normalized_score end) as <signal>'
        ) }}
    from linear
    -- no value takes the step of 0, and is null above: joins that match every row are twice as fast
    {{ each_signal(
        'left join ' ~ ref('int_scores__step_ranges') ~ " as <signal>_steps on <signal>_steps.signal_id = '<signal>'"
        ~ ' and ' ~ reaches('coalesce(linear.<signal>, 0)', '<signal>_steps.lower_bound')
        ~ ' and not (' ~ reaches('coalesce(linear.<signal>, 0)', '<signal>_steps.upper_bound') ~ ')',
        separator=''
    ) }}

)

select * from final
