{# Fails for each stretch of days (from_day up to, not including, until_day) that is empty or runs into the next one of
   the same key: a day would count twice. #}
{% test no_overlap(model, columns, from_day, until_day) %}

with stretches as (

    select
        {{ columns | join(', ') }},
        {{ from_day }},
        {{ until_day }},
        lead({{ from_day }}) over (
            partition by {{ columns | join(', ') }} order by {{ from_day }}, {{ until_day }}
        ) as next_from_day
    from {{ model }}

)

select * from stretches
where
    {{ from_day }} is null
    or {{ until_day }} is null
    or {{ until_day }} <= {{ from_day }}
    or {{ until_day }} > next_from_day

{% endtest %}
