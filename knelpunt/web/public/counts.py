"""Numbers on public pages that are the same for everybody, kept for some minutes."""

from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.extensions import db
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.public import counts as public_counts
from knelpunt.queries.public.counts import QuarterSoFar
from knelpunt.queries.public.published import PublicFilter
from knelpunt.web.shared.pages.briefly import Briefly
from knelpunt.web.shared.requests.access import today_in_nl

_quarter: Briefly[QuarterSoFar] = Briefly()
_places: Briefly[dict[int | None, int]] = Briefly()


def quarter_so_far() -> QuarterSoFar:
    """The running quarter in four numbers, at most some minutes old."""
    today = today_in_nl()
    span = Span.of(quarter_of(today), today)
    return _quarter.get(db.session.get_bind(), span, lambda: public_counts.quarter_so_far(db.session, span))


def places() -> dict[int | None, int]:
    """Published cases by municipality, at most some minutes old."""
    return _places.get(
        db.session.get_bind(), "all", lambda: public_counts.municipality_counts(db.session, PublicFilter())
    )
