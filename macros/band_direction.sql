{# worse, better or neither: from one band to another, each as a row of int_actions__segment_bands (all null for a state
   without a score). Out of such a state only the worst band is news. #}
{% macro band_direction(from_band, to_band) -%}
    case
        when {{ from_band }}.band is null
            then case when {{ to_band }}.is_worst and not {{ to_band }}.is_best then 'worse' else 'neither' end
        when {{ to_band }}.band is null or {{ from_band }}.min_score = {{ to_band }}.min_score then 'neither'
        when {{ to_band }}.min_score < {{ from_band }}.min_score then 'worse'
        else 'better'
    end
{%- endmacro %}
