{# Text as lower-case words between single blanks, with a blank at both ends, so that a keyword matches whole words in order. #}
{% macro words(text) -%}
    ' ' || trim({{ replace_all(lower_ascii(text), '[^a-z0-9]+', ' ') }}) || ' '
{%- endmacro %}
