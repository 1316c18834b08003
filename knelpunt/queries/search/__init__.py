"""Search, related cases and suggestions."""
