"""The page of the one box: what was found, by kind, with the words marked."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from knelpunt.adapters.words import search_terms
from knelpunt.extensions import db
from knelpunt.services.search.search import QUESTION_LENGTH, Kind, find
from knelpunt.web.shared.forms.forms import visible_text
from knelpunt.web.shared.pages.list_filters import member_in
from knelpunt.web.shared.requests.access import current_actor, public, today_in_nl
from knelpunt.web.shared.requests.request_language import current_language
from knelpunt.web.shared.texts import lazy_gettext

bp = Blueprint("search", __name__)

KIND_WORDS = {
    Kind.GUIDE: lazy_gettext("Ruimtewijzers"),
    Kind.BOTTLENECK: lazy_gettext("Regelknelpunten"),
    Kind.FILE: lazy_gettext("Zaken"),
    Kind.CASE: lazy_gettext("Openbare knelpunten"),
    Kind.RULE: lazy_gettext("Wetten en bepalingen"),
    Kind.PLACE: lazy_gettext("Gemeenten"),
}
SNIPPET = 200
"""How many letters of a text are shown round its first word that was asked for."""


@bp.route("/zoeken")
@public
def search() -> ResponseReturnValue:
    """Everything about a question that this reader may know of."""
    asked = visible_text(request.args.get("q", "")[:QUESTION_LENGTH]).strip()
    kind = member_in(Kind, request.args.get("soort", ""))
    found = find(db.session, current_actor(), asked, today_in_nl(), kind, current_language()) if asked else None
    return render_template(
        "search/search.html",
        asked=asked,
        found=found,
        kind=kind,
        kind_words=KIND_WORDS,
        more=lambda each: url_for("search.search", q=asked, soort=each.value),
        all_href=url_for("search.search", q=asked),
    )


@bp.app_template_filter("gemarkeerd")
def marked(text: str, terms: frozenset[str]) -> Markup:
    """A text in which every word that shares a term with the question is marked."""
    parts: list[str | Markup] = []
    end = 0
    for word in search_terms.WORD.finditer(text):
        if terms and not terms.isdisjoint(search_terms.stem_terms(word.group())):
            parts += [text[end : word.start()], Markup("<mark>{}</mark>").format(word.group())]
            end = word.end()
    return Markup("").join(escape(part) for part in [*parts, text[end:]])


@bp.app_template_filter("fragment")
def snippet(text: str, terms: frozenset[str]) -> str:
    """The piece of a text round the first word that was asked for, cut at words."""
    if len(text) <= SNIPPET:
        return text
    first = next(
        (
            word.start()
            for word in search_terms.WORD.finditer(text)
            if not terms.isdisjoint(search_terms.stem_terms(word.group()))
        ),
        0,
    )
    start = max(0, first - SNIPPET // 3)
    start = 0 if start == 0 else text.find(" ", start) + 1
    piece = text[start : start + SNIPPET]
    end = piece if start + SNIPPET >= len(text) else piece.rpartition(" ")[0] + " …"
    return f"{'… ' if start else ''}{end}"
