{{ config(materialized = 'view') }}

-- reads marts only, so that an old score is explained by the configuration that made it
{{ explained_signals(ref('customer_health_history')) }}
