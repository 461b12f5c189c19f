"""What the commands around the backtest share: published marts, AUC, yardstick, charts."""
