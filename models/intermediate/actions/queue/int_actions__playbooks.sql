-- what is to be done with each account: the most specific row of its band; a band without rows asks for nothing
with

accounts as (

    select
        score_model,
        account_id,
        band
    from {{ ref('int_actions__accounts') }}

),

worst_drivers as (

    select
        account_id,
        worst_driver_signal_id,
        worst_driver_bucket
    from {{ ref('int_actions__worst_drivers') }}

),

fitting as (

    select
        accounts.account_id,
        worst_drivers.worst_driver_signal_id,
        worst_drivers.worst_driver_bucket,
        playbooks.action,
        playbooks.next_step,
        playbooks.owner_role,
        playbooks.sla_hours,
        playbooks.hours,
        playbooks.cadence,
        row_number() over (
            partition by accounts.account_id
            order by
                case
                    when playbooks.signal_id is not null then 1
                    when playbooks.bucket is not null then 2
                    else 3
                end
        ) as place
    from accounts
    inner join worst_drivers
        on accounts.account_id = worst_drivers.account_id
    inner join {{ ref('int_config__action_playbooks') }} as playbooks
        on
            accounts.score_model = playbooks.score_model
            and accounts.band = playbooks.band
            and coalesce(playbooks.signal_id = worst_drivers.worst_driver_signal_id, playbooks.signal_id is null)
            and coalesce(playbooks.bucket = worst_drivers.worst_driver_bucket, playbooks.bucket is null)

),

final as (

    select
        account_id,
        worst_driver_signal_id,
        worst_driver_bucket,
        action,
        next_step,
        owner_role,
        sla_hours,
        hours,
        cadence
    from fitting
    where place = 1

)

select * from final
