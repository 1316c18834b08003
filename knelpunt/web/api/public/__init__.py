"""The resources that anybody may read, without a key: one module a noun."""

from knelpunt.web.api.public.bottlenecks import bottlenecks
from knelpunt.web.api.public.cases import cases
from knelpunt.web.api.public.events import events
from knelpunt.web.api.public.guides import guides
from knelpunt.web.api.public.laws import laws
from knelpunt.web.api.public.municipalities import municipalities
from knelpunt.web.api.public.quarters import definitions, quarters
from knelpunt.web.api.public.suggestions import suggestions

RESOURCES = (cases, guides, bottlenecks, laws, suggestions, quarters, definitions, municipalities, events)
"""In the order of the contract."""
