{# Where a raw table is read from: <table>.parquet, else the folder <table>/ of Parquet, else <table>.csv; none if absent. #}
{% macro raw_location(table) %}{{ return(adapter.dispatch('raw_location')(table)) }}{% endmacro %}

{% macro duckdb__raw_location(table) %}
    {% set path = raw_path() %}
    {# text columns only: a CSV has no types, and a guessed one would read values before the contract does #}
    {% set csv = "read_csv('" ~ path ~ "/" ~ table ~ ".csv', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', strict_mode = true)" %}
    {% for pattern, relation in [
        ('.parquet', "read_parquet('" ~ path ~ "/" ~ table ~ ".parquet')"),
        ('/*.parquet', "read_parquet('" ~ path ~ "/" ~ table ~ "/*.parquet', union_by_name = true)"),
        ('.csv', csv)] %}
        {% if run_query("select count(*) from glob('" ~ path ~ "/" ~ table ~ pattern ~ "')").columns[0][0] > 0 %}
            {{ return(relation) }}
        {% endif %}
    {% endfor %}
    {{ return(none) }}
{% endmacro %}

{% macro raw_path() %}{{ return(env_var('HEALTH_RAW_PATH', 'data/raw') | replace("'", "''")) }}{% endmacro %}

{# The same places in words, for the message of a missing table. #}
{% macro raw_looked_for(table) %}
    {{ return("looked for " ~ table ~ ".parquet, " ~ table ~ "/*.parquet and " ~ table ~ ".csv in " ~ raw_path()) }}
{% endmacro %}

{# Delivered columns and their types: {name in lower case: type}. #}
{% macro raw_column_types(location) %}
    {% set types = {} %}
    {% for row in run_query('describe select * from ' ~ location).rows %}
        {% do types.update({row[0] | lower: row[1]}) %}
    {% endfor %}
    {{ return(types) }}
{% endmacro %}
