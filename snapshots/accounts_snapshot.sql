{% snapshot accounts_snapshot %}
{{
    config(
        unique_key = 'account_id',
        strategy = 'check',
        check_cols = ['segment', 'csm_owner', 'region', 'is_internal'],
        updated_at = 'snapshot_on'
    )
}}

-- a replay of an older date says nothing about how things stood on it
select
    account_id,
    segment,
    csm_owner,
    region,
    is_internal,
    cast({{ as_of_date() }} as {{ dbt.type_timestamp() }}) as snapshot_on
from {{ ref('stg_crm__accounts') }}
where not exists (
    select 1 from {{ ref('run__stored_dates') }} as stored
    where stored.as_of_date > {{ as_of_date() }}
)

{% endsnapshot %}
