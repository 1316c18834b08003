"""Gathers the addresses of the public pages."""

from knelpunt.web.public import routes_cases, routes_machines, routes_pages
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.developers import routes as routes_developers

__all__ = ["bp", "routes_cases", "routes_developers", "routes_machines", "routes_pages"]
