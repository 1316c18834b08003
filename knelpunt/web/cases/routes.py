"""Gathers the addresses of the submitter's pages."""

from knelpunt.web.cases import routes_follow, routes_joint, routes_mail, routes_own
from knelpunt.web.cases.blueprint import bp

__all__ = ["bp", "routes_follow", "routes_joint", "routes_mail", "routes_own"]
