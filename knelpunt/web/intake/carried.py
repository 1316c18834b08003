"""What somebody typed on the way to filing, taken along into the first page of the form."""

from collections.abc import Mapping

from flask import session, url_for

from knelpunt.domain.filing.rules import TITLE_LENGTH
from knelpunt.queries.core.reference import Reference
from knelpunt.web.shared.forms.forms import visible_text

WISH, PLACE = "wens", "gemeente"
WISH_LENGTH = 400
_PLACE_KEY = "carried_place"


def carried_texts(arguments: Mapping[str, str], names: Reference) -> dict[str, str]:
    """The texts of the first page: a short wish as the title, a long one in full below it.

    The municipality is asked on the next page, so this browser's session keeps it until the draft is made.
    """
    wish = " ".join(visible_text(arguments.get(WISH, "")).split())[:WISH_LENGTH]
    place = arguments.get(PLACE, "")
    if any(str(id_) == place for id_, _ in names.municipality_options):
        session[_PLACE_KEY] = place
    if not wish:
        return {}
    if len(wish) <= TITLE_LENGTH:
        return {"title": wish}
    return {"title": f"{wish[: TITLE_LENGTH - 1].rpartition(' ')[0]}…", "goal": wish}


def answers_left(arguments: Mapping[str, str]) -> str | None:
    """The way back to the answers that somebody came from, with the question that was asked there."""
    wish = visible_text(arguments.get(WISH, ""))[:WISH_LENGTH]
    if not wish.strip():
        return None
    place = arguments.get(PLACE, "")
    return url_for("guides.answer", q=wish, gemeente=place if place.isdecimal() else None)


def carried_place() -> str | None:
    """The municipality that was taken along, once."""
    place: str | None = session.pop(_PLACE_KEY, None)
    return place
