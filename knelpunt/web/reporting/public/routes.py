"""The addresses of the public quarters; their pages share ``/kwartalen`` with those of staff."""

from functools import lru_cache

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from knelpunt.adapters.typesetting import share_card_png
from knelpunt.domain.figures.edition import Edition, finding
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.reporting.public import forms, metadata, pages
from knelpunt.web.shared.charts.tile_map import TileGeometry, geometry_of
from knelpunt.web.shared.pages.feeds import xml_answer
from knelpunt.web.shared.requests.access import public

machines = Blueprint("quarter_files", __name__)
"""What other programs read about the quarters."""
CARD_SECONDS = 3600
LAND, SEA = "#00656f", "#00434c"


@bp.get("/<string:quarter>/bericht.<string:form>")
@public
def as_form(quarter: str, form: str) -> ResponseReturnValue:
    """A public quarter or year in one of its forms."""
    return forms.form(quarter, form)


@bp.get("/<string:quarter>/antwoorden")
@public
def published_cases(quarter: str) -> ResponseReturnValue:
    """The published cases behind a public figure."""
    return pages.cases(quarter)


@bp.get("/<string:quarter>/kaart.png")
@public
def card(quarter: str) -> ResponseReturnValue:
    """The picture that other sites show beside a link to the quarter."""
    edition, _sections = pages.period(quarter)
    response = Response(_card(*_words(edition), geometry_of(reference(db.session))), mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={CARD_SECONDS}"
    return response


def _words(edition: Edition) -> tuple[str, str, str]:
    headline, told = finding(edition)
    return f"Knelpunten in regels, {edition.title}", headline, told.partition(". ")[0] + "."


@lru_cache(maxsize=64)
def _card(over: str, headline: str, told: str, geometry: TileGeometry) -> bytes:
    tiles = "".join(
        f'<path d="{geometry.hexagon}" transform="translate({tile.x} {tile.y})" fill="{LAND}"/>'
        for tile in geometry.tiles
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {geometry.width} {geometry.height}">{tiles}'
        f'<path d="{geometry.borders}" fill="none" stroke="{SEA}" stroke-width="3"/></svg>'
    )
    return share_card_png({"over": over, "title": headline, "verdict": told, "tone": "neutral", "map": drawing})


@machines.get("/kwartalen.atom")
@public
def feed() -> ResponseReturnValue:
    """The quarters that came or were corrected last."""
    return pages.feed()


@machines.get("/sitemap/kwartalen.xml")
@public
def sitemap() -> ResponseReturnValue:
    """The public quarters, for search engines."""
    return pages.sitemap()


@machines.get("/sitemapindex-diwoo.xml")
@public
def woo_index() -> ResponseReturnValue:
    """Where the documents are that the Woo asks to be found."""
    return xml_answer("public/sitemap_index.xml", addresses=[pages.whole("/sitemap/woo.xml")])


@machines.get("/sitemap/woo.xml")
@public
def woo_sitemap() -> ResponseReturnValue:
    """The documents of the quarters with the metadata of the Woo."""
    return metadata.woo_sitemap()


@machines.get("/open-data/kwartalen.jsonld")
@public
def catalogue() -> ResponseReturnValue:
    """Where the catalogue of quarters stood that is now a part of the one of all data."""
    return redirect(url_for("public.data_catalogue"), 301)
