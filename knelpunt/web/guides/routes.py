"""The modules with the pages of this part."""

from knelpunt.web.guides import routes_answer, routes_claims, routes_desk, routes_follow, routes_public, routes_steps
from knelpunt.web.guides.blueprint import bp, desk_bp

__all__ = [
    "bp",
    "desk_bp",
    "routes_answer",
    "routes_claims",
    "routes_desk",
    "routes_follow",
    "routes_public",
    "routes_steps",
]
