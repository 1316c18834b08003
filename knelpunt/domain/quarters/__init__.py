"""The way of a quarter to the Kamer, what may be said about it, and what was promised to the Kamer."""
