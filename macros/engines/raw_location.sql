{# Where a raw table is read from, as {path, relation}: <table>.parquet, else the folder <table>/ of Parquet, else
   <table>.csv; none if it is not there. On a server it is a table of the schema named by the var raw_schema. #}
{% macro raw_location(table) %}{{ return(adapter.dispatch('raw_location')(table)) }}{% endmacro %}

{% macro duckdb__raw_location(table) %}
    {% set base = raw_path() ~ '/' ~ table %}
    {% if raw_files(base ~ '.parquet') %}
        {{ return({'path': base ~ '.parquet', 'relation': "read_parquet('" ~ base ~ ".parquet', binary_as_string = true)"}) }}
    {% elif raw_files(base ~ '/**/*.parquet') %}
        {{ return({'path': base ~ '/', 'relation': "read_parquet('" ~ base
            ~ "/**/*.parquet', union_by_name = true, hive_partitioning = false, binary_as_string = true)"}) }}
    {% elif raw_files(base ~ '.csv') %}
        {{ return({'path': base ~ '.csv', 'relation': csv_relation(base ~ '.csv')}) }}
    {% endif %}
    {{ return(none) }}
{% endmacro %}

{% macro default__raw_location(table) %}
    {% set relation = adapter.get_relation(database=target.database, schema=var('raw_schema'), identifier=table) %}
    {{ return({'path': var('raw_schema') ~ '.' ~ table, 'relation': relation} if relation else none) }}
{% endmacro %}

{% macro raw_path() %}{{ return(env_var('HEALTH_RAW_PATH', 'data/raw') | replace("'", "''")) }}{% endmacro %}

{# Files that a pattern matches. #}
{% macro raw_files(pattern) %}
    {{ return(run_query("select file from glob('" ~ pattern ~ "') order by file").columns[0].values() | list) }}
{% endmacro %}

{# The same places in words, for the message of a missing table. #}
{% macro raw_looked_for(table) %}{{ return(adapter.dispatch('raw_looked_for')(table)) }}{% endmacro %}

{% macro default__raw_looked_for(table) %}
    {{ return('looked for the table ' ~ var('raw_schema') ~ '.' ~ table ~ ', which make load-postgres fills') }}
{% endmacro %}

{% macro spark__raw_looked_for(table) %}
    {{ return('looked for the table ' ~ var('raw_schema') ~ '.' ~ table ~ ', which make load-spark fills') }}
{% endmacro %}

{% macro duckdb__raw_looked_for(table) %}
    {{ return("looked for " ~ table ~ ".parquet, " ~ table ~ "/*.parquet and " ~ table ~ ".csv in " ~ raw_path()) }}
{% endmacro %}

{# Delivered columns and their types: {name in lower case: type}. #}
{% macro raw_column_types(relation) %}{{ return(adapter.dispatch('raw_column_types')(relation)) }}{% endmacro %}

{% macro default__raw_column_types(relation) %}
    {% set types = {} %}
    {% for column in adapter.get_columns_in_relation(relation) %}
        {% do types.update({column.name | lower: column.dtype}) %}
    {% endfor %}
    {{ return(types) }}
{% endmacro %}

{% macro duckdb__raw_column_types(relation) %}
    {% set types = {} %}
    {% for row in run_query('describe select * from ' ~ relation).rows %}
        {% do types.update({row[0] | lower: row[1]}) %}
    {% endfor %}
    {{ return(types) }}
{% endmacro %}
