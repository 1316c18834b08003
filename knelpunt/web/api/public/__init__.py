"""The resources that anybody may read, without a key: one module a noun."""

from knelpunt.web.api.public.municipalities import municipalities

RESOURCES = (municipalities,)
"""In the order of the contract."""
