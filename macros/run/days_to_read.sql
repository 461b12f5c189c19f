{# Bounds of the event days that a run reads, as constants, asked when the model that names them is about to run: an engine
   that sees only a subquery takes fifty million events for a thousand and joins them the wrong way round. #}

{# The main stretch: its first day, and the first one after it. #}
{% macro first_day_to_read() %}{{ return(bound_to_read('min(from_day)', 'not is_single_day', since_ever())) }}{% endmacro %}
{% macro first_day_not_to_read() %}{{ return(bound_to_read('max(until_day)', 'not is_single_day', never())) }}{% endmacro %}

{# Days of their own; without any the first one comes after the last one, and nothing lies between. #}
{% macro first_single_day() %}{{ return(bound_to_read('min(from_day)', 'is_single_day', never())) }}{% endmacro %}
{% macro last_single_day() %}{{ return(bound_to_read('max(from_day)', 'is_single_day', since_ever())) }}{% endmacro %}

{% macro bound_to_read(bound, condition, otherwise) %}
    {% set days = ref('stg_product__usage_event_days') %}
    {% if execute and load_relation(days) %}
        {% set found = run_query('select ' ~ bound ~ ' from ' ~ days ~ ' where ' ~ condition).columns[0][0] %}
    {% endif %}
    {{ return((found if found is not none and found is defined else otherwise) | string) }}
{% endmacro %}
