"""Which system of an organisation may come where in the API: one line a route, written down by hand."""

API_RULES: tuple[tuple[str, str], ...] = (("POST", "/api/v1/token"),)
"""Addresses at which a key or a token says who asks, and no session."""
