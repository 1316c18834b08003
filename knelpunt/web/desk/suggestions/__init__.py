"""Rules that may be at stake in a case."""
