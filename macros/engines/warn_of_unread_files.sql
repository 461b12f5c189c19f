{# Warns of files among the raw ones that no table was read from: a table that is spelled otherwise would be missing
   from the scores without a word. Names that begin with _ or . are nobody's business. #}
{% macro warn_of_unread_files(read) %}{{ return(adapter.dispatch('warn_of_unread_files')(read)) }}{% endmacro %}

{% macro default__warn_of_unread_files(read) %}{% endmacro %}

{% macro duckdb__warn_of_unread_files(read) %}
    {% set base = raw_path() | replace("''", "'") %}
    {% set unread = [] %}
    {% for file in raw_files(raw_path() ~ '/**') %}
        {% set inside = (file | replace('\\', '/')).split(base ~ '/')[-1] %}
        {% set entry = inside.split('/')[0] ~ ('/' if '/' in inside else '') %}
        {% set is_read = (raw_path() ~ '/' ~ entry) in read %}
        {% set is_absent = inside.split('/')[0].split('.')[0] in var('absent_sources') %}
        {% if not (is_read or is_absent or entry.startswith(('_', '.')) or entry in unread) %}
            {% do unread.append(entry) %}
        {% endif %}
    {% endfor %}
    {% if unread %}
        {% do exceptions.warn(base ~ ' holds what no raw table was read from: ' ~ unread | join(', ') ~ '. A table is'
            ~ ' <table>.parquet, else a folder <table>/ of .parquet files, else <table>.csv, in lower case; the names are: '
            ~ graph.sources.values() | selectattr('source_name', 'equalto', 'raw') | map(attribute='name') | sort | join(', ') ~ '.') %}
    {% endif %}
{% endmacro %}
