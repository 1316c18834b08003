"""What other programs read: the feed, the map of the site, robots.txt, security.txt and the open data."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.languages import OTHERS
from knelpunt.extensions import db
from knelpunt.queries import public_records
from knelpunt.queries.reference import reference
from knelpunt.web.public import open_data
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.pages import PAGES
from knelpunt.web.public.security_txt import security_txt
from knelpunt.web.shared.access import now_utc, public
from knelpunt.web.shared.csv_files import csv_download
from knelpunt.web.shared.labels import label
from knelpunt.web.shared.xml_text import xml_text

NEVER_CHANGED = datetime(2013, 11, 1, tzinfo=UTC)
"""What an empty feed says about its last change: the day from which the desk's terms hold."""
CLOSED_TO_ROBOTS = (
    "/antwoord",
    "/beheer",
    "/inloggen",
    "/loket/",
    "/melden/",
    "/mijn-account",
    "/mijn-regelknelpunten",
    "/onze-organisatie",
    "/onze-ruimtewijzers",
    "/onze-zaken",
    "/uitnodiging/",
    "/regelknelpunten/volgen/",
    "/ruimtewijzers/volgen/",
    "/volgen/",
    "/wachtwoord",
    "/werkvoorraad",
    "/zaken/",
    "/kwartalen",
)
LINES_A_PIECE = 200


@bp.route("/knelpunten.atom")
@public
def feed() -> ResponseReturnValue:
    """The answers published last (Atom, RFC 4287)."""
    entries = public_records.latest_entries(db.session)
    text = render_template(
        "public/feed.xml",
        entries=entries,
        updated=max((entry.updated_at for entry in entries), default=NEVER_CHANGED),
        to=current_app.config["LINKS"].to,
        xml_text=xml_text,
        label=label,
    )
    return Response(text, content_type="application/atom+xml; charset=utf-8")


@bp.route("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    """Where the parts of the map of the site are."""
    to = current_app.config["LINKS"].to
    parts = range(1, public_records.sitemap_parts(db.session) + 1)
    own = ("/sitemap/paginas.xml", "/sitemap/ruimtewijzers.xml")
    addresses = [*(to(path) for path in own), *(to(f"/sitemap/knelpunten-{number}.xml") for number in parts)]
    return _xml("public/sitemap_index.xml", addresses=addresses)


@bp.route("/sitemap/paginas.xml")
@public
def sitemap_pages() -> ResponseReturnValue:
    """The pages about the desk, and the laws."""
    to = current_app.config["LINKS"].to
    laws = (f"/wetten/{law.key}" for law in reference(db.session).laws.values())
    paths = ("/", "/ruimtewijzers", "/knelpunten", "/wetten", "/melden", *(page.path for page in PAGES), *laws)
    return _xml("public/sitemap.xml", entries=[(to(path), None) for path in paths])


@bp.route("/sitemap/knelpunten-<id:number>.xml")
@public
def sitemap_cases(number: int) -> ResponseReturnValue:
    """One part of the published cases."""
    if number > public_records.sitemap_parts(db.session):
        raise NotFound()
    to = current_app.config["LINKS"].to
    found = public_records.sitemap_part(db.session, number)
    return _xml("public/sitemap.xml", entries=[(to(f"/knelpunten/{reference}"), day) for reference, day in found])


@bp.route("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    prefixes = ("", *(f"/{language.code}" for language in OTHERS))
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for prefix in prefixes for path in CLOSED_TO_ROBOTS)]
    address = current_app.config["LINKS"].to("/sitemap.xml")
    return _text("\n".join([*lines, "", f"Sitemap: {address}", ""]))


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
    return csv_download(
        [name for name, _meaning in open_data.COLUMNS],
        lambda session: (row.values() for row in open_data.rows(session, base_url)),
        "knelpunten.csv",
    )


@bp.route("/open-data/knelpunten.jsonl")
@public
def records_json() -> ResponseReturnValue:
    """Every public case as JSON, one on each line, sent while it is read."""
    base_url = current_app.config["LINKS"].base_url

    def pieces() -> Iterator[bytes]:
        with db.new_session() as session:
            lines: list[str] = []
            for row in open_data.rows(session, base_url):
                lines.append(json.dumps(row, ensure_ascii=False) + "\n")
                if len(lines) == LINES_A_PIECE:
                    yield "".join(lines).encode()
                    lines.clear()
            yield "".join(lines).encode()

    return Response(
        pieces(),
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="knelpunten.jsonl"'},
    )


def _xml(template: str, **values: object) -> Response:
    return Response(render_template(template, **values), content_type="application/xml; charset=utf-8")


def _text(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")
