-- the rules that fire for an account, one a row and in words
with

accounts as (

    select
        account_id,
        config_version,
        computed_band,
        fired_rules
    from {{ ref('customer_health') }}
    where fired_rules <> ''

),

configured as (

    select
        config_version,
        seed,
        rule_id,
        signal_id,
        bucket,
        label,
        operator,
        value,
        only_when_silent,
        best_band
    from {{ ref('score_configurations') }}
    where seed in ('band_rules', 'signals')

),

final as (

    select
        accounts.account_id,
        rules.rule_id,
        rules.signal_id,
        signals.bucket,
        rules.best_band = accounts.computed_band as is_of_computed_band,
        replace(rules.rule_id, '_', ' ') || ' (' || signals.label
        || case rules.operator
            when '<' then ' below '
            when '<=' then ' at most '
            when '=' then ' exactly '
            when '>=' then ' at least '
            when '>' then ' above '
        end
        || {{ rounded_text('rules.value') }}
        || case when rules.only_when_silent then ', and nobody was heard' else '' end || ')' as meaning
    from accounts
    inner join configured as rules
        on
            accounts.config_version = rules.config_version
            and rules.seed = 'band_rules'
            and position(',' || rules.rule_id || ',' in ',' || accounts.fired_rules || ',') > 0
    inner join configured as signals
        on
            rules.config_version = signals.config_version
            and signals.seed = 'signals'
            and rules.signal_id = signals.signal_id

)

select * from final
