{# Fails for each combination of values that the other table does not have. newest_days: as in unique_key. #}
{% test refers_to(model, columns, to, to_columns, newest_days=none) %}

select {{ columns | join(', ') }}
from {{ model }}
{% if newest_days %}
where as_of_date > {{ add_days(as_of_date(), -newest_days) }} and as_of_date <= {{ as_of_date() }}
{% endif %}

except

select {{ to_columns | join(', ') }}
from {{ to }}

{% endtest %}
