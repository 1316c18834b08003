"""What systems of ministries read by the API, with a token of their own."""

from knelpunt.web.api.staff.reporting import reporting

RESOURCES = (reporting,)
"""In the order of the contract."""
