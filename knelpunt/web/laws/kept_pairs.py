"""The pairs of laws in the published cases: the same for everybody, and kept for some minutes, as the map is."""

from knelpunt.extensions import db
from knelpunt.queries.core.reference import version_of_public_pages
from knelpunt.queries.laws import stacking
from knelpunt.queries.laws.stacking import RulePair, StackFilter, Stacking
from knelpunt.web.shared.pages.caching import cached_for_minutes

MOST_PAIRS = 20_000
"""More than the laws of the catalogue can make: counting them all costs as much as counting the first."""


def law_pairs() -> Stacking:
    """Every pair of laws, those with most cases first, at most some minutes old; never with a withdrawn case."""
    return _pairs(version_of_public_pages(db.session))


@cached_for_minutes
def _pairs(version: str) -> Stacking:
    return stacking.public_stacking(db.session, StackFilter(), MOST_PAIRS)


def first_pairs() -> Stacking:
    """What a page shows of them without any filter."""
    found = law_pairs()
    return Stacking(found.pairs[: stacking.SHOWN], found.total)


def pairs_with(law_key: str) -> list[RulePair]:
    """The laws that are named most together with one, without counting anew for each law."""
    found = (pair for pair in law_pairs().pairs if law_key in (pair.first.key, pair.second.key))
    return [pair for pair, _ in zip(found, range(stacking.OFTEN), strict=False)]
