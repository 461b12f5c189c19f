{# What sort of ranking a predictor is. #}
{% macro predictor_kind(predictor) -%}
    case
        when {{ predictor }} = 'health_score' then 'score'
        when {{ predictor }} = 'score_as_published' then 'published'
        when {{ predictor }} = 'proposed_weights' then 'proposal'
        when {{ predictor }} like 'external:%' then 'external'
        else 'baseline'
    end
{%- endmacro %}
