"""What a visitor asks of the catalogue in the address: a day, words and filters, read strictly and told in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from knelpunt.domain.laws.dates import typed_day
from knelpunt.domain.laws.schema import RoomType
from knelpunt.web.shared.forms.forms import clean_text
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.list_filters import LONGEST_SEARCH, ListFilters, day_typed
from knelpunt.web.shared.requests.access import today_in_nl
from knelpunt.web.shared.texts import _, said

ROOM_SLUGS = {
    "binnen-regels": RoomType.WITHIN_RULES,
    "ontheffing": RoomType.ONTHEFFING,
    "gebied": RoomType.AREA,
    "experiment": RoomType.EXPERIMENT,
    "besluit": RoomType.AMVB_CHANGE,
    "wet": RoomType.LAW_CHANGE,
}


@dataclass(frozen=True, slots=True)
class DayFilter:
    """The day a page is seen from; ``is_chosen``: the address names it. ``keep`` goes into every link, so that the day
    stays chosen.

    ``error`` says what is wrong with the ``parts`` that were typed; then the page shows today.
    """

    on: date
    today: date
    is_chosen: bool = False
    error: str | None = None
    parts: Sequence[str] = ("", "", "")

    @property
    def is_future(self) -> bool:
        return self.on > self.today

    @property
    def verb(self) -> str:
        """The verb that fits the day: what was, and what is or will be."""
        return "gold" if self.on < self.today else "geldt"

    @property
    def keep(self) -> dict[str, Any]:
        return {"op": self.on.isoformat()} if self.is_chosen else {}

    @property
    def field_value(self) -> str | Sequence[str]:
        """What stands in the date field: the day as the browser's calendar wants it, else as it was typed."""
        return self.parts if self.error else self.on.isoformat()

    @property
    def status(self) -> int:
        return 422 if self.error else 200


class LawFilters(ListFilters):
    """The search on the list page. ``errors`` has a sentence for each part that cannot be read."""

    def __init__(self, arguments: Mapping[str, str], path: str, domains: tuple[str, ...], day: DayFilter) -> None:
        super().__init__(arguments, path)
        self.rest |= day.keep
        self.errors: dict[str, str] = {}
        self.search = self._checked_words()
        if self.search:
            self.keep("q", self.search, _("Zoekwoorden: %(words)s", words=self.search))
        self.domain = self.choice("domein", {domain: (domain, domain) for domain in domains}, _("Onderwerp"))
        rooms = {slug: (room, label(room)) for slug, room in ROOM_SLUGS.items()}
        self.room_type = self.choice("ruimte", rooms, _("Ruimte"))
        self.held_only = self.choice("geldt", {"ja": (True, _("Alleen wat op deze dag geldt"))}) or False
        if "domein" in self.unknown:
            self.errors["domein"] = _("Dit onderwerp staat niet in de catalogus. Kies een ander.")
        if "ruimte" in self.unknown:
            self.errors["ruimte"] = _("Deze soort ruimte bestaat niet. Kies een andere.")

    def _checked_words(self) -> str:
        try:
            words = clean_text(self.given("q")) or ""
            if len(words) > LONGEST_SEARCH:
                raise ValueError(_("Zoek met ten hoogste %(longest_search)s tekens.", longest_search=LONGEST_SEARCH))
        except ValueError as error:
            self.errors["q"] = said(error.args[0])
            return ""
        return words


def read_day() -> DayFilter:
    """The day in the address (``op``), else today in Europe/Amsterdam."""
    today = today_in_nl()
    typed = day_typed(request.args, "op")
    if not typed.text:
        return DayFilter(today, today)
    try:
        return DayFilter(typed_day(clean_text(typed.text) or ""), today, is_chosen=True)
    except ValueError as error:
        return DayFilter(today, today, error=said(error.args[0]), parts=typed.parts)
