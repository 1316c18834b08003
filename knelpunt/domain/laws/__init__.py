"""The law catalogue: dates, succession, changes."""
