{# Fails for each row that breaks a rule, and names the first one it breaks. As in a check constraint, a rule that is
   null holds. newest_days: as in unique_key. #}
{% test rows_obey(model, rules, newest_days=none) %}

with judged as (

    select
        *,
        case
            {% for rule in rules %}
            when not ({{ rule }}) then '{{ rule | replace("'", "''") }}'
            {% endfor %}
        end as broken_rule
    from {{ model }}
    {% if newest_days %}
    where as_of_date > {{ add_days(as_of_date(), -newest_days) }} and as_of_date <= {{ as_of_date() }}
    {% endif %}

)

select * from judged
where broken_rule is not null

{% endtest %}
