-- measure names are columns here; a new measure is one line in each of the three lists
with

changes as (

    select
        account_id,
        as_of_day,
        sum(case when measure = 'contacts_30d' then change else 0 end) as contacts_30d,
        sum(case when measure = 'contacts_90d' then change else 0 end) as contacts_90d,
        sum(case when measure = 'tenure_contacts_90d' then change else 0 end) as tenure_contacts_90d,
        sum(case when measure = 'escalated_contacts_90d' then change else 0 end) as escalated_contacts_90d,
        sum(case when measure = 'topic_contacts_90d' then change else 0 end) as topic_contacts_90d,
        sum(case when measure = 'repeat_contacts_90d' then change else 0 end) as repeat_contacts_90d,
        sum(case when measure = 'resolutions_90d' then change else 0 end) as resolutions_90d,
        sum(
            case when measure = 'first_contact_resolutions_90d' then change else 0 end
        ) as first_contact_resolutions_90d,
        sum(case when measure = 'intent_contacts_90d' then change else 0 end) as intent_contacts_90d,
        sum(case when measure = 'churn_signals_90d' then change else 0 end) as churn_signals_90d
    from {{ ref('int_windows__changes') }}
    where domain = 'support'
    group by account_id, as_of_day

),

totals as (

    select
        days.account_id,
        days.as_of_day,
        sum(coalesce(changes.contacts_30d, 0)) over account_so_far as contacts_30d,
        sum(coalesce(changes.contacts_90d, 0)) over account_so_far as contacts_90d,
        sum(coalesce(changes.tenure_contacts_90d, 0)) over account_so_far as tenure_contacts_90d,
        sum(coalesce(changes.escalated_contacts_90d, 0)) over account_so_far as escalated_contacts_90d,
        sum(coalesce(changes.topic_contacts_90d, 0)) over account_so_far as topic_contacts_90d,
        sum(coalesce(changes.repeat_contacts_90d, 0)) over account_so_far as repeat_contacts_90d,
        sum(coalesce(changes.resolutions_90d, 0)) over account_so_far as resolutions_90d,
        sum(coalesce(changes.first_contact_resolutions_90d, 0)) over account_so_far as first_contact_resolutions_90d,
        sum(coalesce(changes.intent_contacts_90d, 0)) over account_so_far as intent_contacts_90d,
        sum(coalesce(changes.churn_signals_90d, 0)) over account_so_far as churn_signals_90d
    from {{ ref('int_windows__account_days') }} as days
    left join changes
        on
            days.account_id = changes.account_id
            and days.as_of_day = changes.as_of_day
    window account_so_far as (
        partition by days.account_id order by days.as_of_day rows unbounded preceding
    )

),

final as (

    select
        account_id,
        as_of_day,
        cast(contacts_30d as {{ type_double() }}) as contacts_30d,
        cast(contacts_90d as {{ type_double() }}) as contacts_90d,
        cast(tenure_contacts_90d as {{ type_double() }}) as tenure_contacts_90d,
        cast(escalated_contacts_90d as {{ type_double() }}) as escalated_contacts_90d,
        cast(topic_contacts_90d as {{ type_double() }}) as topic_contacts_90d,
        cast(repeat_contacts_90d as {{ type_double() }}) as repeat_contacts_90d,
        cast(resolutions_90d as {{ type_double() }}) as resolutions_90d,
        cast(first_contact_resolutions_90d as {{ type_double() }}) as first_contact_resolutions_90d,
        cast(intent_contacts_90d as {{ type_double() }}) as intent_contacts_90d,
        cast(churn_signals_90d as {{ type_double() }}) as churn_signals_90d
    from totals

)

select * from final
