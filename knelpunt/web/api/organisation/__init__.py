"""What the systems of organisations do by the API, with a token of their own: one module a noun."""

from knelpunt.web.api.organisation.acts import acts
from knelpunt.web.api.organisation.cases import own_cases
from knelpunt.web.api.organisation.claims import claims
from knelpunt.web.api.organisation.drafts import drafts
from knelpunt.web.api.organisation.files import files
from knelpunt.web.api.organisation.joint import joint
from knelpunt.web.api.organisation.subscriptions import subscriptions
from knelpunt.web.api.organisation.uploads import uploads

RESOURCES = (drafts, uploads, files, own_cases, acts, joint, claims, subscriptions)
"""In the order of the contract."""
