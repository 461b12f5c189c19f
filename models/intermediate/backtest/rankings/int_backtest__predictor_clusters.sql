-- what each account adds to the figures of the scores and baselines
{{ ranked_clusters(ref('int_backtest__ranked_rows')) }}
