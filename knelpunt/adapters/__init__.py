"""The outside world behind small functions: they take and give plain values."""
