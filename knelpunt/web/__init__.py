"""The site: one folder per part, and ``shared`` for what they have in common."""

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Every part of the site, in the order in which addresses are matched."""
    return []
