"""Gathers the addresses of the public pages."""

from knelpunt.web.public import routes_cases, routes_machines, routes_pages
from knelpunt.web.public.blueprint import bp

__all__ = ["bp", "routes_cases", "routes_machines", "routes_pages"]
