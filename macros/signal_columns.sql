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
    ]) }}
{% endmacro %}


{# Wide: the value and the evidence of each signal as two columns. #}
{% macro signal_columns() -%}
    {%- for signal_id in signal_ids() %}
    cast({{ signal_id }} as {{ type_double() }}) as {{ signal_id }},
    cast({{ signal_id }}_evidence as {{ type_double() }}) as {{ signal_id }}_evidence{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# Long: the one column of a wide row that a signal_id names. #}
{% macro signal_case(signal_id, wide, suffix='') -%}
    case {{ signal_id }}
    {%- for known_id in signal_ids() %}
        when '{{ known_id }}' then {{ wide }}.{{ known_id }}{{ suffix }}
    {%- endfor %}
    end
{%- endmacro %}
