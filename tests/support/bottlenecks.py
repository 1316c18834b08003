"""What takes two people at a rule bottleneck, as one call of a test."""

from datetime import date

from knelpunt.domain.bottlenecks import BottleneckStep
from knelpunt.models import Bottleneck
from knelpunt.services.bottlenecks import reviews
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.core.context import Context


def bring_into_force(
    owner: Context, reviewer: Context, found: Bottleneck, *, provision_id: int, in_force_on: date, body: str
) -> None:
    """The owner asks and a second person agrees."""
    filled = Filled(body=body, provision_id=provision_id, in_force_on=in_force_on)
    asked = reviews.ask(owner, found.reference, found.version, BottleneckStep.BRING_INTO_FORCE, filled)
    reviews.approve(reviewer, asked.id)


def take_back(owner: Context, reviewer: Context, found: Bottleneck, body: str) -> None:
    """An erratum: the owner asks and a second person agrees."""
    asked = reviews.ask(owner, found.reference, found.version, BottleneckStep.ERRATUM, Filled(body=body))
    reviews.approve(reviewer, asked.id)
