"""Finding a provision for a case: by words, law, kind of room and day, as they stand in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from knelpunt.domain.laws.dates import typed_day
from knelpunt.domain.laws.schema import RoomType
from knelpunt.domain.texts import date_in_words
from knelpunt.queries.laws import catalogue as laws
from knelpunt.queries.laws.rows import ProvisionSummary
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.list_filters import day_typed

LONGEST_SEARCH = 200
SHOWN_AT_ONCE = 12
"""Of more than so many provisions only the laws stand in sight, each of which opens."""
ROOMS = {room.value: room for room in RoomType}


@dataclass(frozen=True, slots=True)
class AskedProvisions:
    """What is asked; ``day`` is that of the case unless another was typed, ``error`` says what is wrong with that."""

    case_day: date
    day: date
    words: str = ""
    law_key: str = ""
    room: str = ""
    parts: Sequence[str] = ("", "", "")
    error: str | None = None

    @property
    def is_other_day(self) -> bool:
        return self.day != self.case_day

    @property
    def day_value(self) -> str | Sequence[str]:
        """What stands in the boxes of the day."""
        return self.parts if self.error else self.day.isoformat()

    @property
    def query(self) -> str:
        """This search as it stands in an address."""
        parts = {
            "q": self.words,
            "wet": self.law_key,
            "ruimte": self.room,
            "op": self.day.isoformat() if self.is_other_day else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class FoundProvisions:
    """What is found: what the case may be linked to, and what did not hold on its day."""

    asked: AskedProvisions
    linkable: tuple[ProvisionSummary, ...]
    others: tuple[ProvisionSummary, ...]
    law_options: tuple[tuple[str, str], ...]
    room_options: tuple[tuple[str, str], ...]

    @property
    def by_law(self) -> list[tuple[str, list[ProvisionSummary]]]:
        """What can be linked, by law, where there is more than fits on a screen; nothing for who narrowed it, or where
        it is of one law."""
        asked = self.asked
        if len(self.linkable) <= SHOWN_AT_ONCE or asked.words or asked.law_key or asked.room:
            return []
        of_law: dict[str, list[ProvisionSummary]] = {}
        for one in self.linkable:
            of_law.setdefault(one.law_key, []).append(one)
        if len(of_law) == 1:
            return []
        by_title = sorted(of_law.values(), key=lambda found: (found[0].law_title.casefold(), found[0].law_key))
        return [(found[0].law_title, found) for found in by_title]

    def chips(self, path: str) -> list[tuple[str, str]]:
        """Each filter that is on, with the address without it."""
        asked, law_titles = self.asked, dict(self.law_options)
        without = (
            (asked.words, f"Zoekt op: {asked.words}", replace(asked, words="")),
            (asked.law_key, law_titles.get(asked.law_key, ""), replace(asked, law_key="")),
            (asked.room, label(ROOMS[asked.room]) if asked.room else "", replace(asked, room="")),
            (
                asked.is_other_day,
                f"Gold op {date_in_words(asked.day)}",
                replace(asked, day=asked.case_day),
            ),
        )
        return [(words, f"{path}?{rest.query}".rstrip("?")) for is_on, words, rest in without if is_on]


def asked_provisions(case_day: date) -> AskedProvisions:
    """The search in the address; a filter that does not exist is left out."""
    words = "".join(each for each in request.args.get("q", "")[:LONGEST_SEARCH] if each.isprintable())
    room = request.args.get("ruimte", "")
    asked = AskedProvisions(
        case_day=case_day,
        day=case_day,
        words=words.strip(),
        law_key=request.args.get("wet", "")[:LONGEST_SEARCH],
        room=room if room in ROOMS else "",
    )
    typed = day_typed(request.args, "op")
    if not typed.text:
        return asked
    try:
        return replace(asked, day=typed_day(typed.text))
    except ValueError as error:
        return replace(asked, parts=typed.parts, error=str(error))


def find_provisions(session: Session, asked: AskedProvisions) -> FoundProvisions:
    """The provisions that are asked for, apart from those that did not hold on the day of the case."""
    held = laws.linkable(session, asked.day)
    options = tuple(sorted({(one.law_key, one.law_title) for one in held}, key=lambda each: each[1].casefold()))
    if asked.law_key not in dict(options):
        asked = replace(asked, law_key="")
    found = _narrowed(laws.linkable(session, asked.day, words=asked.words) if asked.words else held, asked)
    others: Sequence[ProvisionSummary] = ()
    if asked.is_other_day:
        on_case_day = {one.id for one in laws.linkable(session, asked.case_day)}
        others = [one for one in found if one.id not in on_case_day]
        found = [one for one in found if one.id in on_case_day]
    elif asked.words:
        catalogue = laws.list_laws(session, asked.day, words=asked.words)
        others = _narrowed([one for law in catalogue for one in law.matches if not one.is_linkable], asked)
    return FoundProvisions(
        asked=asked,
        linkable=tuple(found),
        others=tuple(others),
        law_options=options,
        room_options=tuple((room.value, label(room)) for room in RoomType),
    )


def _narrowed(provisions: Sequence[ProvisionSummary], asked: AskedProvisions) -> list[ProvisionSummary]:
    return [
        one
        for one in provisions
        if (not asked.law_key or one.law_key == asked.law_key) and (not asked.room or one.room_type.value == asked.room)
    ]
