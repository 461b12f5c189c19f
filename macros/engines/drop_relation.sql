{# dbt drops what it has replaced with all views over it. Two threads that drop tables of the same views would wait for
   each other for ever; so on Postgres one drops after the other. #}
{% macro postgres__drop_table(relation) -%}
    {{ one_drop_at_a_time() }} drop table if exists {{ relation }} cascade
{%- endmacro %}

{% macro postgres__drop_view(relation) -%}
    {{ one_drop_at_a_time() }} drop view if exists {{ relation }} cascade
{%- endmacro %}

{% macro one_drop_at_a_time() -%}
    select pg_advisory_xact_lock(hashtext('customer_health_drop'));
{%- endmacro %}
