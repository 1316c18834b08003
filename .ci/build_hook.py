"""Refuses to build a wheel: the site runs from a checkout, of which a package would be the half."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

REASON = (
    "Knelpunt is not built as a wheel: it would lack settings, templates and migrations, which lie beside it. "
    "Install from a checkout (docs/operations/install.md) or build the container (docs/operations/containers.md)."
)


class CheckoutOnly(BuildHookInterface):  # type: ignore[type-arg]
    """Lets `uv sync` link this folder, and nothing else."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before each build; ``version`` is how the wheel is to be."""
        if version != "editable":
            raise SystemExit(REASON)
