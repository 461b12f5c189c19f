{# Spark has no delete on Parquet. What is kept by day lies in one partition a day, and whole partitions are written anew:
   those days, and only those, that macros/engines/replace_days.sql names for the other engines. #}

{% macro put_rows(fresh, stored) %}
    {% set strategy = config.get('incremental_strategy') %}
    {% if strategy == 'append' %}
        {% do run_query('insert into ' ~ stored ~ ' (' ~ names_of(stored) ~ ') select ' ~ names_of(stored) ~ ' from ' ~ fresh) %}
    {% elif strategy == 'replace_event_days' %}{% do put_days(fresh, stored, event_days_replaced()) %}
    {% elif strategy == 'replace_scored_dates' %}{% do put_days(fresh, stored, dates_replaced(ref('int_scores__as_of_dates'))) %}
    {% elif strategy == 'replace_measured_dates' %}{% do put_days(fresh, stored, dates_replaced(ref('int_windows__as_of_dates'))) %}
    {% elif strategy == 'replace_measured_accounts' %}
        {% do put_days(fresh, stored, dates_replaced(ref('int_windows__as_of_dates')), accounts_replaced()) %}
    {% else %}{% do put_keys(fresh, stored, config.get('unique_key')) %}
    {% endif %}
{% endmacro %}

{# Days that are replaced and have no rows any more are dropped: an overwrite leaves alone what it has no row for. A row of a
   replaced day that does not fulfil `replaced` stays. #}
{% macro put_days(fresh, stored, days, replaced='true') %}
    {% set day, names = replaced_day(), names_of(stored) %}
    {% set rows %}
        select {{ names }} from {{ fresh }}
        union all
        select {{ names }} from {{ stored }} where {{ days }} and not coalesce({{ replaced }}, false)
    {% endset %}
    {% set emptied = run_query('select distinct cast(' ~ day ~ ' as string) as day from ' ~ stored ~ ' where ' ~ days
        ~ ' except select cast(' ~ day ~ ' as string) from (' ~ rows ~ ')').columns[0].values() %}
    {% do run_query('insert overwrite table ' ~ stored ~ ' partition (' ~ day ~ ') select /*+ rebalance(' ~ day ~ ') */ ' ~ names
        ~ ' from (' ~ rows ~ ')') %}
    {% for gone in emptied %}
        {% do run_query('alter table ' ~ stored ~ ' drop if exists partition (' ~ day ~ ' = '
            ~ ("'" ~ gone ~ "'" if gone is not none else 'null') ~ ')') %}
    {% endfor %}
{% endmacro %}

{# Small tables whose rows have a key: written anew as a whole. #}
{% macro put_keys(fresh, stored, key) %}
    {% set same = [] %}
    {% for column in key %}{% do same.append('stored_rows.' ~ column ~ ' = fresh_rows.' ~ column) %}{% endfor %}
    {% set rows %}
        select {{ names_of(stored) }} from {{ fresh }}
        union all
        select {{ names_of(stored) }} from {{ stored }} as stored_rows
        left anti join {{ fresh }} as fresh_rows on {{ same | join(' and ') }}
    {% endset %}
    {% do replace_table(stored, rows) %}
{% endmacro %}

{# The names of a table's columns; the one of the partitions comes last, as Spark keeps it. #}
{% macro names_of(relation) %}
    {{ return(adapter.get_columns_in_relation(relation) | map(attribute='quoted') | join(', ')) }}
{% endmacro %}
