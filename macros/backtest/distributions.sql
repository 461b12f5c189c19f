{# Ten points of a score, counted 1 to 10; 100 is in the last; 0 where there is no score. #}
{% macro ten_points(score) -%}
    case
        when {{ score }} is null then 0
        when {{ score }} >= 100 then 10
        else cast(floor({{ score }} / 10.0) as integer) + 1
    end
{%- endmacro %}


{# What one bin adds to the distance of two distributions (information value, population stability index):
   (p - q) * ln(p / q), half a row added to either count so that an empty bin is no infinity. #}
{% macro distance_of_bin(rows, all_rows, other_rows, all_other_rows, bins) -%}
    {%- set one = safe_divide('(' ~ rows ~ ' + 0.5)', '(' ~ all_rows ~ ' + 0.5 * ' ~ bins ~ ')') -%}
    {%- set other = safe_divide('(' ~ other_rows ~ ' + 0.5)', '(' ~ all_other_rows ~ ' + 0.5 * ' ~ bins ~ ')') -%}
    ({{ one }} - {{ other }}) * ln({{ one }} / ({{ other }}))
{%- endmacro %}
