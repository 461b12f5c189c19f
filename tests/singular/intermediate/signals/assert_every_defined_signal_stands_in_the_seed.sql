-- a warning and no error: deleting a row of seeds/signals.csv is how analysts take a signal out (optional ones: none)
{{ config(severity = 'warn') }}

with

defined as (

    {% for signal_id in signal_ids() if signal_id not in optional_signal_ids() %}
        select '{{ signal_id }}' as signal_id
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select defined.signal_id
from defined
left join {{ ref('int_config__signals') }} as signals
    on defined.signal_id = signals.signal_id
where signals.signal_id is null
