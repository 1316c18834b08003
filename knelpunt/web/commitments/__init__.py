"""``/toezeggingen``: what was promised to the Kamer or asked by it, and how that goes."""
