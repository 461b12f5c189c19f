-- the gates of the seed release_gates, in words: a failed one warns, or with severity error fails, so that nothing is
-- published
{{ say_failed_gates(ref('backtest_gates')) }}
select
    gate,
    sentence
from {{ ref('backtest_gates') }}
where
    not is_passed
    and severity = 'error'
