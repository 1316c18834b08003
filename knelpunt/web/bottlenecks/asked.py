"""What a visitor asked of the list of rule bottlenecks, read from the address."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for

from knelpunt.queries.bottlenecks.bottlenecks import BottleneckFilter, BottleneckOrder, Phase
from knelpunt.queries.core.reference import Reference
from knelpunt.services.core.search_index import to_query
from knelpunt.web.shared.texts import _, lazy_gettext

Member = TypeVar("Member", bound=StrEnum)

LONGEST_SEARCH = 200
MOST_PAGES = 1000
PHASE_WORDS = {
    Phase.MOVING: lazy_gettext("Er wordt aan gewerkt"),
    Phase.IN_FORCE: lazy_gettext("De regel is veranderd"),
    Phase.ENDED: lazy_gettext("De regel blijft, of samengevoegd"),
}
ORDER_WORDS = {
    BottleneckOrder.WEIGHT: lazy_gettext("Meeste projecten eerst"),
    BottleneckOrder.WAITING: lazy_gettext("Langst zonder nieuws eerst"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters, the order and the page; ``search`` is what was typed, ``matches_nothing`` that it has no word."""

    search: str
    phase: Phase | None
    law_id: int | None
    ministry_id: int | None
    order: BottleneckOrder
    page: int
    query: str | None

    @property
    def matches_nothing(self) -> bool:
        return bool(self.search) and self.query is None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.phase or self.law_id or self.ministry_id)

    @property
    def wanted(self) -> BottleneckFilter:
        return BottleneckFilter(self.query, self.phase, self.law_id, self.ministry_id)

    def values(self) -> dict[str, str]:
        """What stands in the address, without the page."""
        pairs = {
            "q": self.search,
            "stand": self.phase or "",
            "wet": self.law_id or "",
            "ministerie": self.ministry_id or "",
            "volgorde": "" if self.order is BottleneckOrder.RECENT else self.order,
        }
        return {name: str(value) for name, value in pairs.items() if value}

    def address(self, *without: str, **changes: str) -> str:
        """This list with other filters."""
        kept: dict[str, Any] = {name: value for name, value in self.values().items() if name not in without}
        return url_for("bottlenecks.index", **{**kept, **changes})

    def chips(self, names: Reference) -> list[tuple[str, str]]:
        """What is on: words, and the list without it."""
        words = {
            "q": _("Zoekt: %(search)s", search=self.search),
            "stand": PHASE_WORDS[self.phase] if self.phase else "",
            "wet": names.law_names[self.law_id] if self.law_id else "",
            "ministerie": names.ministry_names[self.ministry_id] if self.ministry_id else "",
        }
        return [(words[name], self.address(name)) for name in self.values() if name in words]


def read(names: Reference) -> Asked:
    """The filters of this request; what cannot be read counts as not filled in."""
    typed = request.args.get("q", "")[:LONGEST_SEARCH]
    search = "".join(letter for letter in typed if letter.isprintable()).strip()
    law_id, ministry_id = _number("wet"), _number("ministerie")
    return Asked(
        search=search,
        phase=_member(Phase, "stand"),
        law_id=law_id if law_id in names.laws else None,
        ministry_id=ministry_id if ministry_id in names.ministries else None,
        order=_member(BottleneckOrder, "volgorde") or BottleneckOrder.RECENT,
        page=min(max(_number("pagina") or 1, 1), MOST_PAGES),
        query=to_query(search) if search else None,
    )


def _number(name: str) -> int | None:
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _member(kind: type[Member], name: str) -> Member | None:
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None
