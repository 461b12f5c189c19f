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
        account_id,
        as_of_day,
        sum(contacts_30d) over account_so_far as contacts_30d,
        sum(contacts_90d) over account_so_far as contacts_90d,
        sum(tenure_contacts_90d) over account_so_far as tenure_contacts_90d,
        sum(escalated_contacts_90d) over account_so_far as escalated_contacts_90d,
        sum(topic_contacts_90d) over account_so_far as topic_contacts_90d,
        sum(repeat_contacts_90d) over account_so_far as repeat_contacts_90d,
        sum(resolutions_90d) over account_so_far as resolutions_90d,
        sum(first_contact_resolutions_90d) over account_so_far as first_contact_resolutions_90d,
        sum(intent_contacts_90d) over account_so_far as intent_contacts_90d,
        sum(churn_signals_90d) over account_so_far as churn_signals_90d
    from changes
    window account_so_far as (partition by account_id order by as_of_day rows unbounded preceding)

),

-- a total holds until the next change, so each day takes that of its last one
last_changes as (

    select
        days.account_id,
        days.as_of_day,
        max(changes.as_of_day) over (
            partition by days.account_id order by days.as_of_day rows unbounded preceding
        ) as last_change_day
    from {{ ref('int_windows__account_days') }} as days
    left join changes
        on
            days.account_id = changes.account_id
            and days.as_of_day = changes.as_of_day

),

final as (

    select
        last_changes.account_id,
        last_changes.as_of_day,
        cast(coalesce(totals.contacts_30d, 0) as {{ type_double() }}) as contacts_30d,
        cast(coalesce(totals.contacts_90d, 0) as {{ type_double() }}) as contacts_90d,
        cast(coalesce(totals.tenure_contacts_90d, 0) as {{ type_double() }}) as tenure_contacts_90d,
        cast(coalesce(totals.escalated_contacts_90d, 0) as {{ type_double() }}) as escalated_contacts_90d,
        cast(coalesce(totals.topic_contacts_90d, 0) as {{ type_double() }}) as topic_contacts_90d,
        cast(coalesce(totals.repeat_contacts_90d, 0) as {{ type_double() }}) as repeat_contacts_90d,
        cast(coalesce(totals.resolutions_90d, 0) as {{ type_double() }}) as resolutions_90d,
        cast(coalesce(totals.first_contact_resolutions_90d, 0) as {{ type_double() }}) as first_contact_resolutions_90d,
        cast(coalesce(totals.intent_contacts_90d, 0) as {{ type_double() }}) as intent_contacts_90d,
        cast(coalesce(totals.churn_signals_90d, 0) as {{ type_double() }}) as churn_signals_90d
    from last_changes
    left join totals
        on
            last_changes.account_id = totals.account_id
            and last_changes.last_change_day = totals.as_of_day

)

select * from final
