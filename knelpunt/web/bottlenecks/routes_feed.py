"""The news about rule bottlenecks for news readers, and their pages in the map of the site."""

from flask.typing import ResponseReturnValue

from knelpunt.extensions import db
from knelpunt.queries import bottleneck_records
from knelpunt.queries import bottlenecks as queries
from knelpunt.web.bottlenecks.blueprint import bp
from knelpunt.web.shared.access import public
from knelpunt.web.shared.feeds import atom_feed, sitemap_part

FEED = "bottlenecks/feed.xml"


@bp.route("/regelknelpunten.atom")
@public
def feed() -> ResponseReturnValue:
    """The latest news about every bottleneck (Atom, RFC 4287)."""
    return atom_feed(FEED, bottleneck_records.latest_news(db.session), path="/regelknelpunten", about=None)


@bp.route("/regelknelpunten/<string:bottleneck_number>/nieuws.atom")
@public
def feed_of_one(bottleneck_number: str) -> ResponseReturnValue:
    """The news about one bottleneck."""
    found = queries.bottleneck(db.session, bottleneck_number)
    entries = bottleneck_records.latest_news(db.session, found.id)
    return atom_feed(FEED, entries, path=f"/regelknelpunten/{found.reference}", about=found.title)


@bp.route("/sitemap/regelknelpunten.xml")
@public
def sitemap() -> ResponseReturnValue:
    found = bottleneck_records.sitemap_entries(db.session)
    return sitemap_part((f"/regelknelpunten/{number}", changed) for number, changed in found)
