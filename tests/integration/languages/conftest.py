"""Pages with something on them, in every language."""

from tests.integration.public.conftest import published

__all__ = ["published"]
