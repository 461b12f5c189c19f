{# What a person sees: half up, with a nudge that makes engines agree that differ in the last bit. #}
{% macro published(value, decimals) -%}
    {%- set power = 10 ** decimals -%}
    {#- what does not fit the published type is not published: an absurd amount must not break a mart -#}
    case
        when abs({{ value }}) < 1e15
            then cast({{ floor_of('(' ~ value ~ ') * ' ~ power ~ ' + 0.5000001') }} / {{ power }}.0 as {{ dbt.type_numeric() }})
    end
{%- endmacro %}
