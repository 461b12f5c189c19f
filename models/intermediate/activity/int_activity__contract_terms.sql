-- until when each term covers its account, grace included, and whether and when it was renewed
with

terms as (

    select
        contract_id,
        account_id,
        {{ day_number('start_date') }} as start_day,
        -- the first day no longer covered; year 9999 says open-ended
        case
            when end_date is null or extract(year from end_date) = 9999 then {{ never() }}
            else {{ day_number('end_date') }} + {{ 1 if var('contract_end_is_inclusive') else 0 }}
        end as end_day,
        coalesce({{ day_number('cancelled_at') }}, {{ never() }}) as cancelled_day,
        seats,
        coalesce(annual_value, 0) as annual_value,
        plan
    from {{ ref('stg_crm__contracts') }}

),

-- a term that never covered a day is ignored, also as another's successor
covering as (

    select
        *,
        case when cancelled_day < end_day then cancelled_day else end_day end as ended_day
    from terms
    where start_day < end_day and start_day < cancelled_day

),

successors as (

    select
        covering.contract_id,
        min(
            case
                when later.start_day between covering.end_day - 30 and covering.end_day + 30
                    then later.start_day
            end
        ) as follows_end_day,
        min(
            case
                when later.start_day between covering.ended_day - 30 and covering.ended_day + 30
                    then later.start_day
            end
        ) as renewed_by_day
    from covering
    inner join covering as later
        on
            covering.account_id = later.account_id
            and covering.start_day < later.start_day
    group by covering.contract_id

),

-- a term that ran out stays for the grace days unless a successor has started
grace as (

    select
        covering.*,
        successors.renewed_by_day,
        case
            when successors.follows_end_day <= covering.end_day then covering.end_day
            when successors.follows_end_day <= covering.end_day + {{ var('renewal_grace_days') }}
                then successors.follows_end_day
            else covering.end_day + {{ var('renewal_grace_days') }} + 1
        end as grace_until_day
    from covering
    left join successors
        on covering.contract_id = successors.contract_id

),

final as (

    select
        contract_id,
        account_id,
        start_day,
        end_day,
        ended_day,
        case when cancelled_day < grace_until_day then cancelled_day else grace_until_day end as covers_until_day,
        case
            when renewed_by_day is null then ended_day + 31
            when renewed_by_day < ended_day then ended_day
            else renewed_by_day
        end as outcome_known_day,
        renewed_by_day is not null as is_renewed,
        seats,
        annual_value,
        plan
    from grace

)

select * from final
