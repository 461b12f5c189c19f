{# Fails for each key that stands twice or has a null in it. newest_days: looks only at the so many days that end on
   the as-of date. The date is a literal, because only then the engine leaves the other days of a view alone. #}
{% test unique_key(model, columns, newest_days=none) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
{% if newest_days %}
where as_of_date > {{ add_days(as_of_date(), -newest_days) }} and as_of_date <= {{ as_of_date() }}
{% endif %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns %}
    or {{ column }} is null
    {% endfor %}

{% endtest %}
