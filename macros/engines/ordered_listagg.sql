{# Texts joined in the order of another text, compared as bytes. #}
{% macro ordered_listagg(text, separator, order_by) %}
    {{ return(adapter.dispatch('ordered_listagg')(text, separator, order_by)) }}
{% endmacro %}

{% macro default__ordered_listagg(text, separator, order_by) -%}
    string_agg({{ text }}, {{ separator }} order by {{ as_bytes(order_by) }})
{%- endmacro %}

{# Pairs are sorted and their texts kept; without a text it is null, and not empty. #}
{% macro spark__ordered_listagg(text, separator, order_by) -%}
    case
        when count({{ text }}) > 0
            then array_join(transform(
                sort_array(collect_list(struct({{ order_by }} as sort_key, {{ text }} as item))), pair -> pair.item
            ), {{ separator }})
    end
{%- endmacro %}

{# Text to sort by its bytes, whatever the collation of the database. #}
{% macro as_bytes(text) %}{{ return(adapter.dispatch('as_bytes')(text)) }}{% endmacro %}
{% macro default__as_bytes(text) %}{{ text }}{% endmacro %}
{% macro postgres__as_bytes(text) %}{{ text }} collate "C"{% endmacro %}
