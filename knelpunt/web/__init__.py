"""The site: one folder per part, and ``shared`` for what they have in common."""
