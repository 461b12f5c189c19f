{# Texts joined in the order of another text, compared as bytes. #}
{% macro ordered_listagg(text, separator, order_by) %}
    {{ return(adapter.dispatch('ordered_listagg')(text, separator, order_by)) }}
{% endmacro %}

{% macro default__ordered_listagg(text, separator, order_by) -%}
    string_agg({{ text }}, {{ separator }} order by {{ as_bytes(order_by) }})
{%- endmacro %}

{# Spark has no ordered aggregate: sort the pairs, then keep the texts. #}
{% macro spark__ordered_listagg(text, separator, order_by) -%}
    array_join(transform(
        sort_array(collect_list(struct({{ order_by }} as sort_key, {{ text }} as item))), pair -> pair.item
    ), {{ separator }})
{%- endmacro %}

{# Text to sort by its bytes, whatever the collation of the database. #}
{% macro as_bytes(text) %}{{ return(adapter.dispatch('as_bytes')(text)) }}{% endmacro %}
{% macro default__as_bytes(text) %}{{ text }}{% endmacro %}
{% macro postgres__as_bytes(text) %}{{ text }} collate "C"{% endmacro %}
