{# Every signal that the models define, in the order of scoring.md. A new signal is one line here, its
   definition in its bucket's model, and its rows in the seeds (docs/adding_a_signal.md). #}
{% macro signal_ids() %}
    {{ return([
        'login_frequency',
        'feature_adoption_rate',
        'seat_utilization_rate',
        'usage_trend_ratio',
        'admin_login_change',
        'csat_average',
        'contact_rate',
        'contact_trend_ratio',
        'escalation_rate',
        'first_contact_resolution_rate',
        'repeat_contact_rate',
        'churn_signal_count',
        'sentiment_average',
        'sentiment_change',
        'nps_average',
        'nps_category',
        'executive_touchpoints',
        'days_since_touchpoint',
        'on_time_payment_rate',
        'overdue_share',
        'renewal_rate',
        'arr_trend_ratio',
    ] + optional_signal_ids()) }}
{% endmacro %}


{# Measured and stored like the others, but no row of the shipped seed names them: a company that wants one adds its rows
   (examples/online_retail does). Without a row in the seed a signal is in no score, explanation or coverage. #}
{% macro optional_signal_ids() %}
    {{ return(['days_since_invoice', 'invoice_count']) }}
{% endmacro %}


{# A text once for every signal, with its id in place of each <signal>: "sum(<signal>) as <signal>" is 24 columns. #}
{% macro each_signal(text, separator=',') -%}
    {%- for signal_id in signal_ids() %}
    {{ text | replace('<signal>', signal_id) }}{{ ' ' ~ separator if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# Wide: the value and the evidence of each signal as two columns. #}
{% macro signal_columns() -%}
    {%- set value_and_evidence -%}
    cast(<signal> as {{ type_double() }}) as <signal>,
    cast(<signal>_evidence as {{ type_double() }}) as <signal>_evidence
    {%- endset -%}
    {{ each_signal(value_and_evidence) }}
{%- endmacro %}


{# Rows to columns: what stands in the row of each signal, as a column that bears its name. Needs a group by. #}
{% macro signal_pivot(value, suffix='', otherwise='null') -%}
    {{ each_signal("max(case when signal_id = '<signal>' then " ~ value ~ ' else ' ~ otherwise ~ ' end) as <signal>' ~ suffix) }}
{%- endmacro %}


{# Long: the one column of a wide row that a signal_id names. #}
{% macro signal_case(signal_id, wide, suffix='') -%}
    case {{ signal_id }}
    {{- each_signal("when '<signal>' then " ~ wide ~ '.<signal>' ~ suffix, separator='') }}
    end
{%- endmacro %}


{# For which signals a condition holds, as one text: a 1 or a 0 for each signal, in the order of signal_ids(). #}
{% macro signal_flags(condition) -%}
    concat({{ each_signal('case when ' ~ condition ~ " then '1' else '0' end") }}
    )
{%- endmacro %}


{# Whether it holds for one signal, from such a text. #}
{% macro signal_flag(signal_id, flags) -%}
    case {{ signal_id }}
    {%- for known_id in signal_ids() %}
        when '{{ known_id }}' then substring({{ flags }}, {{ loop.index }}, 1) = '1'
    {%- endfor %}
    end
{%- endmacro %}


{# A sum over all signals, always in their order, so that it is the same to the bit in every run. #}
{% macro signal_sum(value) -%}
    {{ each_signal(value, separator='+') }}
{%- endmacro %}
