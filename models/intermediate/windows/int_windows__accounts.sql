-- accounts in scope, with what stands behind every signal: tenure, seats, ARR, renewal
with

stints as (

    select account_id, starts_day, ends_day
    from {{ ref('int_activity__account_stints') }}

),

as_of_dates as (

    select as_of_day, as_of_date
    from {{ ref('int_windows__as_of_dates') }}

),

in_scope as (

    select
        stints.account_id,
        as_of_dates.as_of_day,
        as_of_dates.as_of_date,
        as_of_dates.as_of_day - stints.starts_day as tenure_days
    from stints
    inner join as_of_dates
        on
            stints.starts_day <= as_of_dates.as_of_day
            and stints.ends_day > as_of_dates.as_of_day

),

-- without any contract so far the company has no ARR to speak of, which is not an ARR of 0
first_contract as (

    select min({{ day_number('start_date') }}) as first_contract_day
    from {{ ref('stg_crm__contracts') }}

),

final as (

    select
        in_scope.account_id,
        in_scope.as_of_day,
        in_scope.as_of_date,
        versions.segment,
        versions.csm_owner,
        versions.region,
        terms.plan,
        in_scope.tenure_days,
        least(90, in_scope.tenure_days + 1) as counted_days,
        coalesce(terms.seats, nullif(usage.enabled_users, 0)) as seats,
        case
            when first_contract.first_contract_day <= in_scope.as_of_day then coalesce(terms.arr, 0)
        end as arr,
        case
            when first_contract.first_contract_day <= in_scope.as_of_day - 365 then coalesce(terms_year_ago.arr, 0)
        end as arr_year_ago,
        terms.renewal_day,
        coalesce(terms.is_past_due_renewal, false) as is_past_due_renewal
    from in_scope
    cross join first_contract
    inner join {{ ref('int_activity__account_versions') }} as versions
        on
            in_scope.account_id = versions.account_id
            and in_scope.as_of_day >= versions.from_day
            and in_scope.as_of_day < versions.until_day
            and not coalesce(versions.is_internal, false)
    inner join {{ ref('int_windows__usage') }} as usage
        on
            in_scope.account_id = usage.account_id
            and in_scope.as_of_day = usage.as_of_day
    left join {{ ref('int_activity__contract_periods') }} as terms
        on
            in_scope.account_id = terms.account_id
            and in_scope.as_of_day >= terms.from_day
            and in_scope.as_of_day < terms.until_day
    left join {{ ref('int_activity__contract_periods') }} as terms_year_ago
        on
            in_scope.account_id = terms_year_ago.account_id
            and in_scope.as_of_day - 365 >= terms_year_ago.from_day
            and in_scope.as_of_day - 365 < terms_year_ago.until_day

)

select * from final
