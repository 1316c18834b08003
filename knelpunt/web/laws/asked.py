"""What a visitor asks of the catalogue in the address: a day, words and filters, read strictly and told in words."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request

from knelpunt.domain.laws.dates import typed_day
from knelpunt.domain.laws.schema import RoomType
from knelpunt.web.shared.forms.forms import clean_text
from knelpunt.web.shared.requests.access import today_in_nl
from knelpunt.web.shared.texts import _, said

LONGEST_SEARCH = 200
ROOM_SLUGS = {
    "binnen-regels": RoomType.WITHIN_RULES,
    "ontheffing": RoomType.ONTHEFFING,
    "gebied": RoomType.AREA,
    "experiment": RoomType.EXPERIMENT,
    "besluit": RoomType.AMVB_CHANGE,
    "wet": RoomType.LAW_CHANGE,
}


@dataclass(frozen=True, slots=True)
class AskedDay:
    """The day a page is seen from. ``keep`` goes into every link, so that the day stays chosen.

    ``error`` says what is wrong with what was typed; then the page shows today.
    """

    on: date
    today: date
    typed: str
    error: str | None = None

    @property
    def is_chosen(self) -> bool:
        return bool(self.typed) and self.error is None

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
    def field_value(self) -> str:
        """What stands in the date field: the day as the browser's calendar wants it, else as it was typed."""
        return self.typed if self.error else self.on.isoformat()

    @property
    def status(self) -> int:
        return 422 if self.error else 200


@dataclass(frozen=True, slots=True)
class AskedList:
    """The search on the list page. ``errors`` has a sentence for each part that cannot be read."""

    words: str = ""
    domain: str = ""
    room_slug: str = ""
    held_only: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def room_type(self) -> RoomType | None:
        return ROOM_SLUGS.get(self.room_slug)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.domain or self.room_slug or self.held_only)

    @property
    def keep(self) -> dict[str, Any]:
        """The search as it stands in the address."""
        parts = {"q": self.words, "domein": self.domain, "ruimte": self.room_slug}
        return {
            **{name: value for name, value in parts.items() if value},
            **({"geldt": "ja"} if self.held_only else {}),
        }


def asked_day() -> AskedDay:
    """The day in the address (``op``), else today in Europe/Amsterdam."""
    today = today_in_nl()
    typed = request.args.get("op", "")[:LONGEST_SEARCH]
    if not typed.strip():
        return AskedDay(today, today, "")
    try:
        typed = clean_text(typed) or ""
        return AskedDay(typed_day(typed), today, typed)
    except ValueError as error:
        return AskedDay(today, today, typed if typed.isprintable() else "", said(error.args[0]))


def asked_list(domains: tuple[str, ...]) -> AskedList:
    """The search in the address; a part that cannot be read is left out and told."""
    errors = {}
    words = request.args.get("q", "")
    try:
        words = clean_text(words) or ""
        if len(words) > LONGEST_SEARCH:
            raise ValueError(_("Zoek met ten hoogste %(longest_search)s tekens.", longest_search=LONGEST_SEARCH))
    except ValueError as error:
        words, errors["q"] = "", said(error.args[0])
    domain = request.args.get("domein", "")
    if domain and domain not in domains:
        domain, errors["domein"] = "", _("Dit onderwerp staat niet in de catalogus. Kies een ander.")
    room_slug = request.args.get("ruimte", "")
    if room_slug and room_slug not in ROOM_SLUGS:
        room_slug, errors["ruimte"] = "", _("Deze soort ruimte bestaat niet. Kies een andere.")
    return AskedList(words, domain, room_slug, request.args.get("geldt") == "ja", errors)
