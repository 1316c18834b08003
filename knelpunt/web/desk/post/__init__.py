"""Mail that came in, and mail that did not arrive."""
