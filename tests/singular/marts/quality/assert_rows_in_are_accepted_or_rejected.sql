-- no raw row disappears silently: of every table, rows in = rows accepted + rows rejected
{% set tables = [
    'accounts', 'users', 'contracts', 'features', 'usage_events', 'tickets', 'conversations', 'survey_responses',
    'touchpoints', 'invoices', 'churn_events', 'external_scores'
] %}
with

delivered as (

    {% for table in tables %}
        select
            '{{ table }}' as source_table,
            count(*) as rows_in
        from {{ source('raw', table) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

accepted as (

    select
        source_table,
        rows_accepted
    from {{ ref('int_checks__row_counts') }}

),

rejected as (

    select
        source_table,
        count(*) as rows_rejected
    from {{ ref('rejected_rows') }}
    group by source_table

)

select
    delivered.source_table,
    delivered.rows_in,
    accepted.rows_accepted,
    rejected.rows_rejected
from delivered
left join accepted
    on delivered.source_table = accepted.source_table
left join rejected
    on delivered.source_table = rejected.source_table
where delivered.rows_in <> coalesce(accepted.rows_accepted, 0) + coalesce(rejected.rows_rejected, 0)
