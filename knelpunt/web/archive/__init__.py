"""The archive: lists to destroy or transfer, certificates, and the categories behind them."""
