"""Mail that comes in, and mail that did not arrive."""
