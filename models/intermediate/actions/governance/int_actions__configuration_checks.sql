{{ config(materialized = 'ephemeral') }}

-- Were weights, bands or steps changed shortly before a quarter's end, when reviews are due? A model's first
-- configuration changes nothing.
with

configurations as (

    select
        score_model,
        config_version,
        min(first_used_on) as first_used_on
    from {{ ref('score_configurations') }}
    group by score_model, config_version

),

ordered as (

    select
        score_model,
        config_version,
        first_used_on,
        lag(config_version) over (partition by score_model order by first_used_on, config_version) as former_version,
        {{ dbt.dateadd('day', -1, dbt.dateadd('month', 3, dbt.date_trunc('quarter', 'first_used_on'))) }} as quarter_end
    from configurations

),

changes as (

    select
        ordered.score_model,
        ordered.config_version,
        ordered.first_used_on,
        {{ day_number('ordered.quarter_end') }} - {{ day_number('ordered.first_used_on') }} as days_to_quarter_end,
        count(case when former.row_text is null then 1 end) as new_rows,
        count(case when former.row_text is null and latter.seed = 'score_weights' then 1 end) as new_weights
    from ordered
    inner join {{ ref('score_configurations') }} as latter
        on
            ordered.score_model = latter.score_model
            and ordered.config_version = latter.config_version
    left join {{ ref('score_configurations') }} as former
        on
            ordered.score_model = former.score_model
            and ordered.former_version = former.config_version
            and latter.seed = former.seed
            and latter.row_text = former.row_text
    where ordered.former_version is not null
    group by ordered.score_model, ordered.config_version, ordered.first_used_on, ordered.quarter_end

),

final as (

    select
        'weights_changed_before_review' as gaming_check,
        'configuration' as subject_kind,
        config_version as subject,
        days_to_quarter_end as observed,
        {{ var('gaming_review_days') }} as expected,
        new_rows as rows_behind,
        days_to_quarter_end <= {{ var('gaming_review_days') }} as is_flagged,
        'A new configuration of ' || score_model || ' was first used on '
        || cast(first_used_on as {{ dbt.type_string() }}) || '; days to the end of the quarter: '
        || cast(days_to_quarter_end as {{ dbt.type_string() }}) || '; new rows in it: '
        || cast(new_rows as {{ dbt.type_string() }}) || ', of them weights: '
        || cast(new_weights as {{ dbt.type_string() }}) || '.' as sentence
    from changes

)

select * from final
