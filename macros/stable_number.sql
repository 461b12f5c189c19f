{# A number from 1 to `highest` that is the same for the same text, for ever and on every engine: the first four hex
   digits of its md5, read with nothing but positions. #}
{% macro stable_number(text, highest) -%}
    1 + mod(
        {%- for place in range(1, 5) %}
        {{ 16 ** (4 - place) }} * (position(substr(md5({{ text }}), {{ place }}, 1) in '0123456789abcdef') - 1)
        {{- ' +' if not loop.last }}
        {%- endfor %},
        {{ highest }}
    )
{%- endmacro %}
