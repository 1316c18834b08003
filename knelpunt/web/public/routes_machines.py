"""What other programs read: the feed, the map of the site, robots.txt, security.txt and the open data."""

from datetime import datetime, timedelta

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.languages import OTHERS
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.public import records as public_records
from knelpunt.web.public import open_bottlenecks, open_data
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.filters import FEED_PATH, LIST_PATH, Filters
from knelpunt.web.public.pages import PAGES
from knelpunt.web.shared.open_data.json_files import json_lines, licensed
from knelpunt.web.shared.pages.csv_files import csv_download
from knelpunt.web.shared.pages.feeds import atom_feed, sitemap_part, xml_answer
from knelpunt.web.shared.requests.access import now_utc, public

CATALOGUE = "/open-data/catalogus.jsonld"
CLOSED_TO_ROBOTS = (
    "/agenda/",
    "/antwoord",
    "/beheer",
    "/inloggen",
    "/knelpunten/*/regels",
    "/loket/",
    "/melden/",
    "/mijn-account",
    "/mijn-regelknelpunten",
    "/onze-organisatie",
    "/onze-ruimtewijzers",
    "/onze-zaken",
    "/op-de-hoogte/",
    "/uitnodiging/",
    "/regelknelpunten/volgen/",
    "/ruimtewijzers/volgen/",
    "/volgen/",
    "/wachtwoord",
    "/werkvoorraad",
    "/zaken/",
    "/kwartalen/*/verzegelen",
    "/kwartalen/*/zaken",
)


@bp.route(FEED_PATH)
@public
def feed() -> ResponseReturnValue:
    """The answers published last (Atom, RFC 4287), narrowed as the list of them is under the same filters."""
    filters = Filters(request.args, LIST_PATH, reference(db.session))
    if filters.unknown:
        raise NotFound()  # all that is new would come instead, and nobody would notice
    found = [] if filters.matches_nothing else public_records.latest_entries(db.session, filters.narrowed)
    return atom_feed("public/feed.xml", found, own=filters.address_at(FEED_PATH), page=filters.address())


@bp.route("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    """Where the parts of the map of the site are."""
    to = current_app.config["LINKS"].to
    parts = range(1, public_records.sitemap_parts(db.session) + 1)
    own = (
        "/sitemap/paginas.xml",
        "/sitemap/kwartalen.xml",
        "/sitemap/ruimtewijzers.xml",
        "/sitemap/regelknelpunten.xml",
    )
    addresses = [*(to(path) for path in own), *(to(f"/sitemap/knelpunten-{number}.xml") for number in parts)]
    return xml_answer("public/sitemap_index.xml", addresses=addresses)


@bp.route("/sitemap/paginas.xml")
@public
def sitemap_pages() -> ResponseReturnValue:
    """The pages about the desk, and the laws."""
    laws = (f"/wetten/{law.key}" for law in reference(db.session).laws.values())
    rules = ("/regelknelpunten", "/regelknelpunten/wacht", "/wetten")
    lists = ("/", "/ruimtewijzers", "/knelpunten", *rules, "/melden", "/op-de-hoogte", CATALOGUE)
    return sitemap_part((path, None) for path in (*lists, *(page.path for page in PAGES), *laws))


@bp.route("/sitemap/knelpunten-<id:number>.xml")
@public
def sitemap_cases(number: int) -> ResponseReturnValue:
    """One part of the published cases."""
    if number > public_records.sitemap_parts(db.session):
        raise NotFound()
    found = public_records.sitemap_part(db.session, number)
    return sitemap_part((f"/knelpunten/{reference}", changed) for reference, changed in found)


@bp.route("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    prefixes = ("", *(f"/{language.code}" for language in OTHERS))
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for prefix in prefixes for path in CLOSED_TO_ROBOTS)]
    address = current_app.config["LINKS"].to("/sitemap.xml")
    documents = current_app.config["LINKS"].to("/sitemapindex-diwoo.xml")
    data = f"# DCAT: {current_app.config['LINKS'].to(CATALOGUE)}"
    return _text("\n".join([*lines, "", f"Sitemap: {address}", f"Sitemap: {documents}", data, ""]))


@bp.route("/.well-known/security.txt")
@public
def security() -> ResponseReturnValue:
    config = current_app.config["KNELPUNT"]
    return _text(security_txt(config.security_contact, config.base_url, now_utc()))


@bp.route("/open-data/knelpunten.csv")
@public
def records_csv() -> ResponseReturnValue:
    """Every public case as CSV, sent while it is read."""
    base_url = current_app.config["LINKS"].base_url
    return licensed(
        csv_download(
            [name for name, _meaning in open_data.COLUMNS],
            lambda session: (row.values() for row in open_data.rows(session, base_url)),
            "knelpunten.csv",
        )
    )


@bp.route("/open-data/knelpunten.jsonl")
@public
def records_json() -> ResponseReturnValue:
    """Every public case as JSON, one on each line, sent while it is read."""
    base_url = current_app.config["LINKS"].base_url
    return licensed(json_lines(lambda session: open_data.rows(session, base_url), "knelpunten.jsonl"))


@bp.route("/open-data/regelknelpunten.csv")
@public
def bottlenecks_csv() -> ResponseReturnValue:
    """Every rule bottleneck as CSV."""
    base_url = current_app.config["LINKS"].base_url
    return licensed(
        csv_download(
            [name for name, _meaning in open_bottlenecks.COLUMNS],
            lambda session: (row.values() for row in open_bottlenecks.rows(session, base_url)),
            "regelknelpunten.csv",
        )
    )


@bp.route("/open-data/regelknelpunten.jsonl")
@public
def bottlenecks_json() -> ResponseReturnValue:
    """Every rule bottleneck as JSON, one on each line."""
    base_url = current_app.config["LINKS"].base_url
    return licensed(json_lines(lambda session: open_bottlenecks.rows(session, base_url), "regelknelpunten.jsonl"))


def _text(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")


VALID_FOR = timedelta(days=180)
"""RFC 9116 recommends less than a year."""


def security_txt(contact: str, base_url: str, now: datetime) -> str:
    """The text of security.txt; ``now`` is an aware instant in UTC."""
    expires = (now + VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {base_url}/.well-known/security.txt",
        f"Policy: {base_url}/beveiliging",
        "Preferred-Languages: nl, en",
    )
    return "\n".join(lines) + "\n"
