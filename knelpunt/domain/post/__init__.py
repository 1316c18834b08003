"""Mail that comes in, mail that did not arrive, and what goes on paper."""
