"""Mergers of municipalities: the list, a new one, what follows, and what a second administrator decides."""
