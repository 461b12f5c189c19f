{# From which day on and until which day a snapshot's row holds. The first one also speaks for the time before it
   (scoring.md 1); rows that were replaced on the very day they were taken are to be left out before. #}
{% macro version_from_day(key) -%}
    case
        when lag(dbt_valid_from) over (partition by {{ key }} order by dbt_valid_from) is null then {{ since_ever() }}
        else {{ day_number('dbt_valid_from') }}
    end
{%- endmacro %}

{% macro version_until_day() -%}
    coalesce({{ day_number('dbt_valid_to') }}, {{ never() }})
{%- endmacro %}
