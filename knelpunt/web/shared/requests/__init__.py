"""What happens round a request: rights, transactions, errors, headers, logs."""
