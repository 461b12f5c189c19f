-- who to call first, by when, about what: one queue for each customer success manager
with

health as (

    select
        account_id,
        account_name,
        score_model,
        as_of_date,
        csm_owner,
        segment,
        band,
        band_label,
        health_score,
        band_is_certain,
        coverage,
        arr,
        renewal_date,
        days_to_renewal
    from {{ ref('customer_health') }}

),

final as (

    select
        health.account_id,
        health.account_name,
        health.score_model,
        health.as_of_date,
        health.csm_owner,
        -- who was spoken with stands at the end, until the next review
        cast(row_number() over (
            partition by health.csm_owner
            order by
                case when deadlines.needs_call then 0 else 1 end,
                case when deadlines.is_urgent then 0 else 1 end,
                case when deadlines.is_late then 0 else 1 end,
                priorities.priority desc,
                {{ as_bytes('health.account_id') }}
        ) as integer) as queue_rank,
        priorities.priority,
        case when deadlines.is_urgent then 'urgent' else 'review' end as tier,
        health.segment,
        health.band,
        health.band_label,
        health.health_score,
        health.band_is_certain,
        health.coverage,
        health.arr,
        health.renewal_date,
        health.days_to_renewal,
        deadlines.flagged_at,
        deadlines.due_at,
        playbooks.sla_hours,
        playbooks.cadence,
        playbooks.owner_role,
        playbooks.worst_driver_signal_id,
        playbooks.worst_driver_bucket,
        playbooks.action,
        playbooks.next_step,
        reasons.reason,
        deadlines.last_touchpoint_at,
        deadlines.sla_status,
        deadlines.next_call_by,
        deadlines.next_review_on,
        deadlines.needs_call,
        deadlines.is_due_today
    from health
    inner join {{ ref('int_actions__playbooks') }} as playbooks
        on health.account_id = playbooks.account_id
    inner join {{ ref('int_actions__deadlines') }} as deadlines
        on health.account_id = deadlines.account_id
    inner join {{ ref('int_actions__priorities') }} as priorities
        on health.account_id = priorities.account_id
    inner join {{ ref('int_actions__reasons') }} as reasons
        on health.account_id = reasons.account_id

)

select * from final
