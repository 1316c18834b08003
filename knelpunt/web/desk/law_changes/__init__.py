"""Changes of the law, and the cases that they touch."""
