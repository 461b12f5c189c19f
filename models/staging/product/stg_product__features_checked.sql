{{ config(materialized = 'table') }}

with

-- the first reason that applies, in the order of the input contract
reasons as (

    select
        raw_features.feature_id,
        raw_features.feature_name,
        raw_features.is_core,
        raw_features.released_at,
        raw_features.loaded_at,
        raw_features.odd_values,
        raw_features.row_key,
        raw_features.row_text,
        raw_features.row_json,
        case
            when raw_features.feature_id is null then 'missing_key'
            when raw_features.released_at_is_unreadable then 'unreadable_value'
        end as reject_reason
    from {{ source('raw', 'features') }} as raw_features

),

-- only acceptable rows compete: a broken newer version supersedes nothing
versions as (

    select
        *,
        row_number() over (
            partition by feature_id, reject_reason
            order by loaded_at desc nulls last, row_text desc, row_json desc
        ) as version_number
    from reasons

),

final as (

    select
        feature_id,
        feature_name,
        is_core,
        released_at,
        loaded_at,
        odd_values,
        row_key,
        case
            when reject_reason is null and version_number > 1 then 'superseded'
            else reject_reason
        end as reject_reason,
        -- only a rejected row has to be shown as it was delivered
        case when reject_reason is not null or version_number > 1 then row_json end as row_json
    from versions

)

select * from final
