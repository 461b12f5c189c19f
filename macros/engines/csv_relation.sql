{# A CSV file as a relation of text columns. Nothing is guessed: DuckDB's sniffer takes lines that begin with # for
   comments and skips what it does not like, and no row may disappear. Lines that cannot be read stop the build. #}
{% macro csv_relation(path) %}
    {% set header = csv_header(path) %}
    {% set columns = [] %}
    {% for name in header.split(',') %}
        {% do columns.append(name | trim | trim('"') | trim | lower or 'column_' ~ loop.index) %}
    {% endfor %}
    {% if columns | unique | list | length < columns | length %}
        {% do exceptions.raise_compiler_error(path ~ ': two columns have the same name in the first line: ' ~ header ~ '.') %}
    {% endif %}
    {% set typed = [] %}
    {% for name in columns %}{% do typed.append("'" ~ (name | replace("'", "''")) ~ "': 'VARCHAR'") %}{% endfor %}
    {% set options = "'" ~ path ~ "', auto_detect = false, header = true, columns = {" ~ typed | join(', ')
        ~ "}, delim = ',', quote = '\"', escape = '\"', comment = '', strict_mode = true" %}
    {% do check_csv_lines(path, options) %}
    {{ return('read_csv(' ~ options ~ ')') }}
{% endmacro %}


{# The first line; an empty file, or one with another separator, is named here. #}
{% macro csv_header(path) %}
    {% set lines = run_query("select line from read_csv('" ~ path ~ "', auto_detect = false, header = false, delim = chr(31),"
        ~ " quote = '', escape = '', comment = '', columns = {'line': 'VARCHAR'}, strict_mode = false, ignore_errors = true) limit 1") %}
    {% set header = (lines.columns[0][0] or '') | trim if lines.rows | length else '' %}
    {% if not header %}
        {% do exceptions.raise_compiler_error(path ~ ': the file is empty; write at least the line with the column names, or remove it.') %}
    {% elif ',' not in header and (';' in header or '\t' in header) %}
        {% do exceptions.raise_compiler_error(path ~ ': the values are not separated by commas (first line: ' ~ header
            ~ '); save it with commas, or as Parquet.') %}
    {% endif %}
    {{ return(header) }}
{% endmacro %}


{# One sentence for the first lines that do not read: too few or too many values, a stray quote, another encoding. #}
{% macro check_csv_lines(path, options) %}
    {% do run_query('drop table if exists raw_csv_rejects') %}
    {% do run_query('drop table if exists raw_csv_rejects_scans') %}
    {% do run_query("select count(columns(*)) from read_csv(" ~ options
        ~ ", store_rejects = true, rejects_table = 'raw_csv_rejects', rejects_scan = 'raw_csv_rejects_scans')") %}
    {% set found = run_query("select line, lower(error_type), left(csv_line, 60) from raw_csv_rejects order by line limit 3").rows %}
    {% if found %}
        {% set said = [] %}
        {% for row in found %}{% do said.append('line ' ~ row[0] ~ ' (' ~ row[1] ~ '): ' ~ row[2] | trim) %}{% endfor %}
        {% do exceptions.raise_compiler_error(path ~ ' has lines that cannot be read as comma-separated UTF-8: '
            ~ said | join('; ') ~ '. Mend the export (a quote inside a quoted text is doubled), or deliver Parquet.') %}
    {% endif %}
{% endmacro %}
