"""Small pages for a frame on another site: one ruimtewijzer, or a question; and oEmbed, by which sites find them.

They are the same for everybody: no cookie is set or read, and nothing of who asks is used.
"""

from urllib.parse import parse_qs, quote, unquote, urlencode

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from knelpunt.domain.errors import NotFound
from knelpunt.domain.guides.track import GuideStatus
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.permissions import VISITOR
from knelpunt.extensions import db
from knelpunt.queries.guides import published as guides
from knelpunt.services.search.search import QUESTION_LENGTH, find
from knelpunt.web.shared.forms.forms import visible_text
from knelpunt.web.shared.pages.feeds import xml_text
from knelpunt.web.shared.pages.languages import canonical, to_language
from knelpunt.web.shared.requests.access import framed, public, today_in_nl
from knelpunt.web.shared.requests.headers import read_anywhere
from knelpunt.web.shared.requests.request_language import BY_CODE, current_language, spoken_in
from knelpunt.web.shared.texts import _

bp = Blueprint("embedding", __name__)

WIDTH, HEIGHT = 600, 480
KEPT_SECONDS = 24 * 3600
"""How long another site may keep what it was told here."""
GUIDES, SEARCH = "/ruimtewijzers/", "/zoeken"
GUIDE_FRAME, SEARCH_FRAME = "/insluiten/ruimtewijzer/", "/insluiten/zoek"
_CODE = Markup('<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border:0;max-width:100%">')


@bp.route(f"{GUIDE_FRAME}<string:guide_slug>")
@public
@framed
def guide(guide_slug: str) -> ResponseReturnValue:
    """The short answer of a ruimtewijzer; of one that ended only that it did."""
    found = guides.read_guide(db.session, guide_slug)
    return render_template("embedding/guide.html", guide=found, today=today_in_nl(), Status=GuideStatus)


@bp.route(SEARCH_FRAME)
@public
@framed
def search() -> ResponseReturnValue:
    """A box to ask something in, and what everybody may find about it."""
    asked = _question(request.args.get("q", ""))
    found = find(db.session, VISITOR, asked, today_in_nl(), language=current_language()) if asked else None
    return render_template("embedding/search.html", asked=asked, found=found, action=SEARCH_FRAME)


@bp.errorhandler(NotFound)
def gone(_error: NotFound) -> ResponseReturnValue:
    """What stands in the frame of a ruimtewijzer that does not exist."""
    return render_template("embedding/gone.html"), 404


@bp.route("/oembed")
@public
def oembed() -> ResponseReturnValue:
    """How to show an address of ours in a page of somebody else (oEmbed 1.0)."""
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        return _answer({"error": "Only JSON and XML are offered."}, "json"), 501
    card = _card_of(request.args.get("url", ""))
    if card is None:
        return _answer({"error": "No ruimtewijzer or search of this site has this address."}, form), 404
    address, title = card
    width, height = _at_most("maxwidth", WIDTH), _at_most("maxheight", HEIGHT)
    return _answer(
        {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": "Knelpunt",
            "provider_url": current_app.config["LINKS"].to("/"),
            "cache_age": KEPT_SECONDS,
            "html": _frame(address, title, width, height),
            "width": width,
            "height": height,
        },
        form,
    )


@bp.app_template_global()
def frame_code(path: str, title: str) -> str:
    """What a site puts into its page to show one of these frames, in the language of this request."""
    return _frame(canonical(path), title, WIDTH, HEIGHT)


@bp.app_template_global()
def oembed_address(page: str, form: str = "json") -> str:
    """Where another site asks how to show this page of ours."""
    address: str = current_app.config["LINKS"].to("/oembed")
    return f"{address}?{urlencode({'url': page, 'format': form})}"


@bp.app_template_global()
def search_address(asked: str) -> str:
    """The whole address of the page with what is found for a question, in the language of this request."""
    return f"{canonical(SEARCH)}?{urlencode({'q': asked})}" if asked else canonical(SEARCH)


@bp.app_template_global()
def search_frame(asked: str) -> str:
    """The frame with what is found for a question."""
    return f"{SEARCH_FRAME}?{urlencode({'q': asked})}" if asked else SEARCH_FRAME


def _frame(address: str, title: str, width: int, height: int) -> str:
    return f"{_CODE.format(address, title, width, height)}</iframe>"


def _card_of(address: str) -> tuple[str, str] | None:
    """The address and title of the frame for a page of ours; None for any other address."""
    base: str = current_app.config["LINKS"].base_url
    path, _mark, query = address.removeprefix(base).partition("#")[0].partition("?")
    if not address.startswith(f"{base}/"):
        return None
    language = BY_CODE.get(path[1:3], DUTCH) if path[3:4] == "/" else DUTCH
    path = unquote(path if language is DUTCH else path[3:])
    if path in (SEARCH, SEARCH_FRAME):
        asked = _question(parse_qs(query).get("q", [""])[0])
        with spoken_in(language):  # of the frame, whatever the program that asks may speak
            title = _("Zoeken naar %(asked)s", asked=asked) if asked else _("Zoeken")
        return to_language(base + search_frame(asked), language), title
    slug = next((path.removeprefix(start) for start in (GUIDES, GUIDE_FRAME) if path.startswith(start)), "")
    try:
        question = guides.read_guide(db.session, slug).question
    except NotFound:
        return None
    return to_language(base + GUIDE_FRAME + quote(slug), language), question


def _question(typed: str) -> str:
    return visible_text(typed[:QUESTION_LENGTH]).strip()


def _at_most(name: str, ours: int) -> int:
    """Our own measure, or less where the other site has less room."""
    asked = request.args.get(name, type=int)
    return ours if asked is None or asked < 1 else min(asked, ours)


def _answer(told: dict[str, object], form: str) -> Response:
    """A script on any page may read it: it says only what everybody may know."""
    return read_anywhere(_xml(told) if form == "xml" else jsonify(told))


def _xml(told: dict[str, object]) -> Response:
    parts = (f"<{name}>{escape(xml_text(str(value)))}</{name}>" for name, value in told.items())
    text = f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{"".join(parts)}</oembed>\n'
    return Response(text, content_type="text/xml; charset=utf-8")
