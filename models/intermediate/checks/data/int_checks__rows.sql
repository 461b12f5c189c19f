-- of every raw table but usage_events, which is too long to be stacked
with

final as (

    select
        'accounts' as source_table,
        row_key,
        reject_reason,
        row_json,
        odd_values
    from {{ ref('stg_crm__accounts_checked') }}
    union all
    select 'users', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_crm__users_checked') }}
    union all
    select 'contracts', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_crm__contracts_checked') }}
    union all
    select 'features', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_product__features_checked') }}
    union all
    select 'tickets', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_support__tickets_checked') }}
    union all
    select 'conversations', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_support__conversations_checked') }}
    union all
    select 'survey_responses', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_surveys__survey_responses_checked') }}
    union all
    select 'touchpoints', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_crm__touchpoints_checked') }}
    union all
    select 'invoices', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_billing__invoices_checked') }}
    union all
    select 'churn_events', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_crm__churn_events_checked') }}
    union all
    select 'external_scores', row_key, reject_reason, row_json, odd_values
    from {{ ref('stg_crm__external_scores_checked') }}

)

select * from final
