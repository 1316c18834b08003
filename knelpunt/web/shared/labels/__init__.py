"""The words of stored values."""
