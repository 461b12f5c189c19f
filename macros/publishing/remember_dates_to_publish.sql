{# Post-hook of int_scores__as_of_dates: notes the dates that this run may change, until they are published. A run that
   fails or is killed later leaves them for the next one. #}
{% macro remember_dates_to_publish() %}
    {{ return(adapter.dispatch('remember_dates_to_publish')()) }}
{% endmacro %}


{% macro default__remember_dates_to_publish() %}
    {{ return('') }}
{% endmacro %}


{% macro duckdb__remember_dates_to_publish() %}
    create schema if not exists publishing;
    create table if not exists publishing.dates_to_publish (as_of_date date);
    insert into publishing.dates_to_publish
    select as_of_date from {{ this }}
    where as_of_date not in (select noted.as_of_date from publishing.dates_to_publish as noted)
{% endmacro %}


{% macro postgres__remember_dates_to_publish() %}
    create schema if not exists publishing;
    create table if not exists publishing.dates_to_publish (as_of_date date);
    insert into publishing.dates_to_publish
    select as_of_date from {{ this }}
    except
    select as_of_date from publishing.dates_to_publish
{% endmacro %}


{% macro spark__remember_dates_to_publish() %}
    {% if execute %}
        {% do make_schema('publishing') %}
        {% do run_query('create table if not exists publishing.dates_to_publish (as_of_date date) using parquet') %}
        {% do run_query('insert into publishing.dates_to_publish select as_of_date from ' ~ this
            ~ ' except select as_of_date from publishing.dates_to_publish') %}
    {% endif %}
    {{ return('') }}
{% endmacro %}
