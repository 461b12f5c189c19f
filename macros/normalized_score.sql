{# 0 (worst) to 100 (best) of a signal's value; worst_value > best_value says that lower is better.
   step_score is what the row of signal_steps gives that the value falls into. Null stays null. #}
{% macro normalized_score(value, normalization, worst_value, best_value, step_score) -%}
    {%- set share = '(' ~ value ~ ' - ' ~ worst_value ~ ') / nullif(' ~ best_value ~ ' - ' ~ worst_value ~ ', 0)' -%}
    case
        when {{ normalization }} = 'steps' then {{ step_score }}
        when {{ normalization }} <> 'linear' or {{ value }} is null then null
        when {{ share }} < 0 then 0
        when {{ share }} > 1 then 100
        else 100 * {{ share }}
    end
{%- endmacro %}
