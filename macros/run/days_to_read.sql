{# Bounds of the event days that a run reads, as constants, asked when the model that names them is about to run: an engine
   that sees only a subquery takes fifty million events for a thousand and joins them the wrong way round. #}

{# The main stretch: its first day, and the first one after it. #}
{% macro first_day_to_read() %}{{ return(bound_to_read('min(from_day)', 'not is_single_day', since_ever())) }}{% endmacro %}
{% macro first_day_not_to_read() %}{{ return(bound_to_read('max(until_day)', 'not is_single_day', never())) }}{% endmacro %}

{# Days of their own; without any the first one comes after the last one, and nothing lies between. #}
{% macro first_single_day() %}{{ return(bound_to_read('min(from_day)', 'is_single_day', never())) }}{% endmacro %}
{% macro last_single_day() %}{{ return(bound_to_read('max(from_day)', 'is_single_day', since_ever())) }}{% endmacro %}

{# Whether a stored moment may lie on one of these days, with days to spare for its time zone. Written out, because an
   engine skips the files outside of stretches that it sees: for the first and the last of scattered days it reads a year. #}
{% macro may_be_on_single_days(stored_moment) %}
    {% set stretches = [] %}
    {% for day in single_days() %}
        {% if stretches and day - 2 <= stretches[-1].end %}
            {% do stretches[-1].update({'end': day + 3}) %}
        {% else %}
            {% do stretches.append({'start': day - 2, 'end': day + 3}) %}
        {% endif %}
    {% endfor %}
    {% set conditions = ['false'] %}
    {% for stretch in stretches %}
        {% do conditions.append('(' ~ stored_moment ~ ' >= ' ~ date_from_day(stretch.start)
            ~ ' and ' ~ stored_moment ~ ' < ' ~ date_from_day(stretch.end) ~ ')') %}
    {% endfor %}
    {{ return('(' ~ conditions | join(' or ') ~ ')') }}
{% endmacro %}

{% macro single_days() %}
    {% set days = ref('stg_product__usage_event_days') %}
    {% if not execute or not load_relation(days) %}{{ return([]) }}{% endif %}
    {{ return(run_query('select distinct from_day from ' ~ days ~ ' where is_single_day order by from_day').columns[0].values()
        | map('int') | list) }}
{% endmacro %}

{% macro bound_to_read(bound, condition, otherwise) %}
    {% set days = ref('stg_product__usage_event_days') %}
    {% if execute and load_relation(days) %}
        {% set found = run_query('select ' ~ bound ~ ' from ' ~ days ~ ' where ' ~ condition).columns[0][0] %}
    {% endif %}
    {{ return((found if found is not none and found is defined else otherwise) | string) }}
{% endmacro %}
