{# One end of the Wilson interval (95 %) of a rate, + or -. #}
{% macro wilson_bound(rate, trials, sign) -%}
    case
        when {{ trials }} > 0
            then (
                {{ rate }} + 1.920729410347062 / {{ trials }} {{ sign }} 1.959963984540054 * sqrt(
                    case when {{ rate }} * (1 - {{ rate }}) > 0 then {{ rate }} * (1 - {{ rate }}) else 0 end / {{ trials }}
                    + 0.960364705173531 / ({{ trials }} * {{ trials }})
                )
            ) / (1 + 3.841458820694124 / {{ trials }})
    end
{%- endmacro %}


{# How many independent rows as many rows of repeated accounts are worth: the rows, times a rate's variance if all were
   different accounts, over its variance with accounts as clusters; at most the rows, and the accounts, where all agree.
   From sums over accounts with x hits in n rows. #}
{% macro effective_rows(rows, hits, accounts, hits_hits, hits_rows, rows_rows) -%}
    {%- set rate = safe_divide(hits, rows) -%}
    {%- set spread -%}
    (cast({{ hits_hits }} as {{ type_double() }}) - 2 * {{ rate }} * {{ hits_rows }} + {{ rate }} * {{ rate }} * {{ rows_rows }})
    {%- endset -%}
    {%- set alone = rate ~ ' * (1 - ' ~ rate ~ ') * ' ~ rows ~ ' * ' ~ rows ~ ' * (' ~ accounts ~ ' - 1)' -%}
    {%- set clustered = spread ~ ' * ' ~ accounts ~ ' * (' ~ rows ~ ' - 1)' -%}
    case
        when {{ hits }} = 0 or {{ hits }} = {{ rows }} or {{ accounts }} < 2 then cast({{ accounts }} as {{ type_double() }})
        -- within the last bits of a double
        when {{ alone }} >= {{ clustered }} - 0.000000001 then cast({{ rows }} as {{ type_double() }})
        else {{ alone }} * {{ rows }} / ({{ clustered }})
    end
{%- endmacro %}


{# Below so few churned accounts a figure is not told (var backtest_min_churns). #}
{% macro told(figure, churned_accounts, decimals=6) -%}
    case when {{ churned_accounts }} >= {{ var('backtest_min_churns') }} then {{ published(figure, decimals) }} end
{%- endmacro %}

{% macro too_few_to_tell(churned_accounts) -%}
    case
        when {{ churned_accounts }} = 1 then '1 churn: not enough to tell'
        when {{ churned_accounts }} < {{ var('backtest_min_churns') }}
            then cast({{ churned_accounts }} as {{ dbt.type_string() }}) || ' churns: not enough to tell'
    end
{%- endmacro %}


{# Whether a rate is what was claimed of it: met, where the claim lies in its interval. #}
{% macro against_target(low, high, target) -%}
    case
        when {{ target }} < {{ low }} then 'above'
        when {{ target }} > {{ high }} then 'below'
        when {{ target }} is not null and {{ low }} is not null then 'met'
    end
{%- endmacro %}
