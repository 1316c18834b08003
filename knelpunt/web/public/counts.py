"""Numbers on public pages that are the same for everybody, kept for some minutes."""

from datetime import date

from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.extensions import db
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.public import counts as public_counts
from knelpunt.queries.public import promises
from knelpunt.queries.public.counts import QuarterSoFar
from knelpunt.queries.public.promises import Kept, Told
from knelpunt.queries.public.published import PublicFilter
from knelpunt.queries.public.silence import Silence, silence
from knelpunt.web.shared.pages.caching import cached_for_minutes
from knelpunt.web.shared.requests.access import today_in_nl


def quarter_so_far() -> QuarterSoFar:
    """The running quarter in four numbers, at most some minutes old."""
    today = today_in_nl()
    return _figures(Span.of(quarter_of(today), today))


@cached_for_minutes
def _figures(span: Span) -> QuarterSoFar:
    return public_counts.quarter_so_far(db.session, span)


def silent() -> Silence:
    """How many cases had no reply in time, at most some minutes old."""
    return _silence(today_in_nl())


@cached_for_minutes
def _silence(today: date) -> Silence:
    return silence(db.session, today)


@cached_for_minutes
def kept_in(span: Span) -> dict[str, Kept]:
    """How often each promise was kept, at most some minutes old."""
    return promises.kept_in(db.session, span)


@cached_for_minutes
def told_of(span: Span) -> Told:
    """How often each promise was kept in a quarter that is over, as sealed where it is, at most some minutes old."""
    return promises.told_of(db.session, span)


@cached_for_minutes
def places() -> dict[int | None, int]:
    """Published cases by municipality, at most some minutes old."""
    return public_counts.municipality_counts(db.session, PublicFilter())
