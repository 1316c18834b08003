"""Seals the quarter before one that a test is about: quarters are sealed in order."""

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.sealing import canonical, digest
from knelpunt.models import QuarterSeal
from knelpunt.queries.figures.ledger import content_of
from knelpunt.services.figures.publishing import without_times
from tests.support.factories import Factory


def seal_before(make: Factory, quarter: Quarter) -> None:
    """Let the quarter before have a seal, put together after the fact; the ledger is made."""
    before = quarter.previous()
    if make.session.get(QuarterSeal, before.first_day) is not None:
        return
    content = canonical({**without_times(content_of(make.session, before)), "uitleg": {}, "samengesteld": True})
    make.add(
        QuarterSeal(
            quarter=before.first_day,
            content=content,
            sha256=digest(content),
            event_number=0,
            event_hash="0" * 64,
            sealed_at=make.now,
            is_reconstructed=True,
        )
    )
