"""How long cases are kept, and what becomes of their words."""
