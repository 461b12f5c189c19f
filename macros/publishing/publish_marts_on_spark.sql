{# On Spark, builds write to a schema of their own. This copies every mart into a table of its own name for this publication,
   and then points the views in the schema marts at the copies, one after the other. Each view changes at once: a query
   sees a mart of yesterday or of today, and one that is running goes on reading yesterday's files, which stay until the next
   publication but one. There is no transaction over several views: for the moment of the switch, some are of today. #}
{% macro spark__publish_build(marts) %}
    {% set number = run_started_at.strftime('%Y%m%d%H%M%S%f') %}
    {% for schema in ('marts', 'marts_published', 'publishing') %}{% do make_schema(schema) %}{% endfor %}
    {% for mart in marts if not mart.is_view %}
        {% set copy = api.Relation.create(schema='marts_published', identifier=mart.name ~ '__' ~ number, type='table') %}
        {% do fill_table(copy, 'select * from ' ~ marts_schema() ~ '.' ~ mart.name) %}
    {% endfor %}
    {% for mart in marts %}
        {% set rows = built_view_sql(mart.name) if mart.is_view else 'select * from marts_published.' ~ mart.name ~ '__' ~ number %}
        {% do run_query('create or replace view marts.' ~ mart.name ~ ' (' ~ commented_columns(mart, rows) ~ ') comment '
            ~ dbt.string_literal(dbt.escape_single_quotes(mart.description)) ~ ' as ' ~ rows) %}
    {% endfor %}
    {% do run_query('drop table if exists publishing.dates_to_publish') %}
    {% do drop_older_publications() %}
    {{ return('') }}
{% endmacro %}


{# What a view of the build says, over the published marts. From the catalog, because dbt forgets what it has compiled. #}
{% macro built_view_sql(name) %}
    {% for row in run_query('describe extended ' ~ marts_schema() ~ '.' ~ name).rows if row[0] == 'View Text' %}
        {{ return(row[1] | replace(marts_schema() ~ '.', 'marts.')) }}
    {% endfor %}
{% endmacro %}


{% macro commented_columns(mart, rows) %}
    {% set columns = [] %}
    {% for column in run_query('describe query ' ~ rows).rows %}
        {% set description = mart.columns.get(column[0]) %}
        {% do columns.append(adapter.quote(column[0])
            ~ (' comment ' ~ dbt.string_literal(dbt.escape_single_quotes(description)) if description else '')) %}
    {% endfor %}
    {{ return(columns | join(', ')) }}
{% endmacro %}


{# The last two publications stay: somebody may still be reading the one before. #}
{% macro drop_older_publications() %}
    {% set copies = run_query('show tables in marts_published').rows | map(attribute='tableName') | list %}
    {% set numbers = [] %}
    {% for copy in copies %}{% do numbers.append(copy.split('__')[-1]) %}{% endfor %}
    {% set kept = (numbers | unique | sort)[-2:] %}
    {% for copy in copies if copy.split('__')[-1] not in kept %}
        {% do run_query('drop table if exists marts_published.' ~ copy) %}
    {% endfor %}
{% endmacro %}


{# Every publication copies every date. #}
{% macro spark__forget_publication() %}{% endmacro %}
