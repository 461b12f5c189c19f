-- how well each signal alone ranks churned accounts below the others
{{ clustered_auc(ref('int_backtest__signal_clusters')) }}
