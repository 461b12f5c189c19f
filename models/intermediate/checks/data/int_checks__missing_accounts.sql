-- accounts that were scored last and that the CRM no longer delivers: a few are news, many are a broken export
with

newest as (

    select max(as_of_date) as as_of_date
    from {{ ref('run__stored_dates') }}

),

book as (

    select distinct
        history.account_id,
        history.as_of_date
    from {{ left_by_last_run(
        'marts', 'customer_health_history', {'account_id': dbt.type_string(), 'as_of_date': 'date'}
    ) }} as history
    inner join newest
        on history.as_of_date = newest.as_of_date

),

compared as (

    select
        book.account_id,
        book.as_of_date,
        case when accounts.account_id is null then 1 else 0 end as is_missing,
        sum(case when accounts.account_id is null then 1 else 0 end) over (
            order by {{ as_bytes('book.account_id') }} rows unbounded preceding
        ) as place
    from book
    left join {{ ref('stg_crm__accounts') }} as accounts
        on book.account_id = accounts.account_id

),

counted as (

    select
        as_of_date,
        count(*) as accounts,
        sum(is_missing) as missing_accounts,
        {{ ordered_listagg('case when is_missing = 1 and place <= 5 then account_id end', "', '", 'account_id') }}
            as examples
    from compared
    group by as_of_date
    having sum(is_missing) > 0

)

select
    case
        when missing_accounts > accounts * {{ var('missing_accounts_error_share') }} then 'error' else 'warning'
    end as severity,
    cast(missing_accounts as {{ dbt.type_string() }}) || ' of ' || cast(accounts as {{ dbt.type_string() }})
    || ' accounts that were scored for ' || cast(as_of_date as {{ dbt.type_string() }})
    || ' are not among the accepted rows of accounts any more: ' || examples
    || case when missing_accounts > 5 then ', ...' else '' end
    || case
        when missing_accounts > accounts * {{ var('missing_accounts_error_share') }}
            then '. Nothing was scored. Mend the export; if they are meant to be gone, build once with '
        else '. Their history stays, but they are scored no more.'
    end
    || case
        when missing_accounts > accounts * {{ var('missing_accounts_error_share') }}
            then '--vars ''missing_accounts_error_share: 1''.'
        else ''
    end
    || ' A customer who left belongs into churn_events.' as sentence
from counted
