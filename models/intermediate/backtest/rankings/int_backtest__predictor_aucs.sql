-- how well the scores and baselines rank churned accounts below the others
{{ clustered_auc(ref('int_backtest__predictor_clusters')) }}
