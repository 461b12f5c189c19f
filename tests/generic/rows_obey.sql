{# Fails for each row that breaks a rule, and names the first one it breaks. As in a check constraint, a rule that is
   null holds. unique_by: the key of the rows, which stands once and has no null in it; looked at in the same pass, because
   each test costs a night more than what it looks at. newest_days: as in unique_key. #}
{% test rows_obey(model, rules, unique_by=[], newest_days=none) %}

with judged as (

    select
        *,
        case
            {% for column in unique_by %}
            when {{ column }} is null then '{{ column }} is null'
            {% endfor %}
            {% if unique_by %}
            when count(*) over (partition by {{ unique_by | join(', ') }}) > 1
                then '{{ unique_by | join(", ") }}: more than one row'
            {% endif %}
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
