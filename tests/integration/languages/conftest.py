"""Pages with something on them, in every language."""

from tests.integration.public.conftest import desk, published

__all__ = ["desk", "published"]
