{# Prints the sentence of each release gate that failed; dbt itself would only count them. #}
{% macro say_failed_gates(gates) %}
    {%- if execute and flags.WHICH in ('build', 'test') and load_relation(gates) -%}
        {%- for gate in run_query('select sentence from ' ~ gates ~ ' where not is_passed order by gate').rows -%}
            {%- do exceptions.warn(gate[0]) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
