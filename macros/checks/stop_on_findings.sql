{# Post-hook of a check model (columns severity, sentence): warns of each warning, and stops the build with one
   message that lists every error. #}
{% macro stop_on_findings(relation) %}
    {% if execute %}
        {% set errors = [] %}
        {% set findings = run_query('select severity, sentence from ' ~ relation ~ ' order by severity, sentence') %}
        {% for finding in findings.rows %}
            {% if finding[0] == 'error' %}{% do errors.append(finding[1]) %}
            {% else %}{% do exceptions.warn(finding[1]) %}
            {% endif %}
        {% endfor %}
        {% if errors %}{% do exceptions.raise_compiler_error(errors | join('\n')) %}{% endif %}
    {% endif %}
{% endmacro %}
