"""The news about rule bottlenecks for news readers, and their pages in the map of the site."""

from collections.abc import Sequence

from flask import Response
from flask.typing import ResponseReturnValue

from knelpunt.domain.bottlenecks import STATUS_WORDS
from knelpunt.domain.errors import NotFound
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks as queries
from knelpunt.queries.bottlenecks import records as bottleneck_records
from knelpunt.queries.bottlenecks.records import NewsEntry
from knelpunt.queries.core.reference import reference
from knelpunt.web.bottlenecks.blueprint import bp
from knelpunt.web.bottlenecks.filters import FEED_PATH, Filters
from knelpunt.web.shared.pages.feeds import atom_feed, sitemap_part
from knelpunt.web.shared.requests.access import public


@bp.route(FEED_PATH)
@public
def feed() -> ResponseReturnValue:
    """The latest news about bottlenecks (Atom, RFC 4287), narrowed as their list is, but for state and order."""
    filters = Filters(reference(db.session))
    if filters.unknown:
        raise NotFound()
    entries = [] if filters.matches_nothing else bottleneck_records.latest_news(db.session, filters.of_news)
    return _feed(entries, filters.feed, filters.page_of_feed, None)


@bp.route("/regelknelpunten/<string:bottleneck_number>/nieuws.atom")
@public
def feed_of_one(bottleneck_number: str) -> ResponseReturnValue:
    """The news about one bottleneck."""
    found = queries.bottleneck(db.session, bottleneck_number)
    entries = bottleneck_records.latest_news(db.session, bottleneck_id=found.id)
    page = f"/regelknelpunten/{found.reference}"
    return _feed(entries, f"{page}/nieuws.atom", page, found.title)


@bp.route("/sitemap/regelknelpunten.xml")
@public
def sitemap() -> ResponseReturnValue:
    found = bottleneck_records.sitemap_entries(db.session)
    return sitemap_part((f"/regelknelpunten/{number}", changed) for number, changed in found)


def _feed(entries: Sequence[NewsEntry], own: str, page: str, about: str | None) -> Response:
    return atom_feed("bottlenecks/feed.xml", entries, own=own, page=page, about=about, status_words=STATUS_WORDS)
