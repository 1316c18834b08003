"""Whose cases somebody may see, and the small tables of every page."""
