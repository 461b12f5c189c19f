{# dbt's own materialization of unit tests, with two differences. The table that only tells it types has a short name:
   names of tests are sentences, and Postgres has room for 63 bytes. Decimals are compared without trailing zeros: Postgres
   shows as many as a value was made with, and results are compared as text. #}
{% materialization unit, adapter='postgres' %}
    {% set expected_rows = config.get('expected_rows') %}
    {% set expected_sql = config.get('expected_sql') %}
    {% set names = expected_rows[0].keys() if expected_rows else get_columns_in_query(sql) %}
    {% set typed = api.Relation.create(identifier='unit_test_' ~ local_md5(this.identifier)[:20], type='table') %}
    {% do run_query(get_create_table_as_sql(true, typed, get_empty_subquery_sql(sql))) %}
    {% set types, quoted = {}, {} %}
    {% for column in adapter.get_columns_in_relation(typed) %}
        {% do types.update({column.name | lower: column.data_type}) %}
        {% do quoted.update({column.name | lower: column.quoted}) %}
    {% endfor %}
    {% set expected = expected_sql or get_expected_sql(expected_rows, types, quoted) %}
    {% call statement('main', fetch_result=True) %}
        {{ get_unit_test_sql(sql, expected, compared_columns(names, types, quoted)) }}
    {% endcall %}
    {% do adapter.drop_relation(typed) %}
    {{ return({'relations': []}) }}
{% endmaterialization %}


{% macro compared_columns(names, types, quoted) %}
    {% set compared = [] %}
    {% for name in names | map('lower') %}
        {% set is_decimal = types[name].startswith('numeric') %}
        {% do compared.append('trim_scale(' ~ quoted[name] ~ ') as ' ~ quoted[name] if is_decimal else quoted[name]) %}
    {% endfor %}
    {{ return(compared) }}
{% endmacro %}
