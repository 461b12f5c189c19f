{# The first day, on or after a day number, that is the given day (1 to 28) of its month; as a day number, too. #}
{% macro next_day_of_month(day, day_of_month) -%}
    {%- set next_month = '(' ~ day ~ ' - ' ~ day_of_month_of(day) ~ ' + 32)' -%}
    case
        when {{ day_of_month_of(day) }} <= {{ day_of_month }}
            then {{ day }} - {{ day_of_month_of(day) }} + {{ day_of_month }}
        else {{ next_month }} - {{ day_of_month_of(next_month) }} + {{ day_of_month }}
    end
{%- endmacro %}

{% macro day_of_month_of(day) -%}
    cast(extract(day from {{ date_from_day(day) }}) as integer)
{%- endmacro %}
