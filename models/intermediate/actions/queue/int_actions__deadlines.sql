{{ config(materialized = 'ephemeral') }}

-- was it done in time, and when must somebody speak with the account next?
with

due_hours as (

    select
        account_id,
        today * 24 as now_hour,
        flagged_day * 24 as flagged_hour,
        sla_hours is not null as is_urgent,
        first_touchpoint_at,
        last_touchpoint_at,
        case when sla_hours is not null then sla_due_hour else (review_day + 1) * 24 end as due_hour,
        -- once somebody has spoken with an urgent account, its monthly review is what comes next
        case
            when sla_hours is not null and last_touchpoint_at is null then sla_due_hour
            else (review_day + 1) * 24
        end as next_call_hour,
        case
            when sla_hours is not null and last_touchpoint_at is null then null
            when review_day < coming_review_day then coming_review_day
            else review_day
        end as next_review_day
    from {{ ref('int_actions__due_hours') }}

),

judged as (

    select
        *,
        case
            when is_urgent and first_touchpoint_at <= {{ timestamp_from_hours('due_hour') }} then 'met'
            when due_hour <= now_hour then 'breached'
            when not is_urgent and last_touchpoint_at is not null then 'met'
            else 'open'
        end as sla_status
    from due_hours

),

final as (

    select
        account_id,
        {{ timestamp_from_hours('flagged_hour') }} as flagged_at,
        {{ timestamp_from_hours('due_hour') }} as due_at,
        {{ timestamp_from_hours('next_call_hour') }} as next_call_by,
        {{ date_from_day('next_review_day') }} as next_review_on,
        last_touchpoint_at,
        sla_status,
        is_urgent,
        next_call_hour <= now_hour as is_late,
        -- within 48 hours means that the list of the first morning has it
        next_call_hour <= now_hour + 24 or (is_urgent and last_touchpoint_at is null) as is_due_today,
        last_touchpoint_at is null or next_call_hour <= now_hour + 24 as needs_call
    from judged

)

select * from final
