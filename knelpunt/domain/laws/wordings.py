"""The wordings of a provision: which text held on which day, what it said, and whether somebody read it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from knelpunt.domain.laws.dates import first_day, held_on, last_day
from knelpunt.domain.laws.schema import Confidence
from knelpunt.domain.shapes import FieldPath

SAID = ("decided_by", "deviates_from", "conditions", "max_duration", "decision_term")
"""What somebody may do under a wording; where it leaves one of these out, its provision says it."""
FROM_THE_BEGINNING = "begin"
"""How an address names the wording that begins on a day that nobody knows."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording as the catalogue has it. Days are legal days, both ends included; an empty end is open.

    ``details`` has what it says (``SAID``) and how the catalogue writes its days, what changed, and why it was not
    read.
    """

    valid_from: date | None
    valid_to: date | None
    read_on: date | None
    checked_through: date | None
    source: str | None
    text_hash: str | None
    staatsblad: str | None
    dossier: str | None
    confidence: str
    details: Mapping[str, Any]

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The names of its values."""
        return tuple(each.name for each in fields(cls))

    @property
    def values(self) -> tuple[Any, ...]:
        """Its values in the order of ``columns``."""
        return tuple(getattr(self, name) for name in self.columns())

    @property
    def is_read(self) -> bool:
        """Whether somebody read its text."""
        return self.read_on is not None

    @property
    def address(self) -> str:
        """What stands in its address after that of its provision: its first day."""
        return self.valid_from.isoformat() if self.valid_from else FROM_THE_BEGINNING


def wordings_of(row: Mapping[str, Any]) -> tuple[Wording, ...]:
    """The wordings of a provision as the file writes it, each until the day before the next one."""
    written: Sequence[Mapping[str, Any]] = row.get("wordings") or [{}]
    starts = [one.get("valid_from") or (None if at else row["valid_from"]) for at, one in enumerate(written)]
    firsts = [first_day(start) if start else None for start in starts]
    ends = [start - timedelta(days=1) if start else None for start in firsts[1:]]
    last = last_day(row["valid_to"]) if row["valid_to"] else None
    return tuple(
        _wording(row, one, start, (first, end))
        for one, start, first, end in zip(written, starts, firsts, [*ends, last], strict=True)
    )


def _wording(
    row: Mapping[str, Any], one: Mapping[str, Any], start: str | None, period: tuple[date | None, date | None]
) -> Wording:
    read_on = first_day(one["read_on"]) if one.get("read_on") else None
    own = one.get("confidence")
    return Wording(
        valid_from=period[0],
        valid_to=period[1],
        read_on=read_on,
        checked_through=last_day(one["checked_through"]) if one.get("checked_through") else None,
        source=one.get("source") if read_on else None,
        text_hash=one.get("text_hash"),
        staatsblad=one.get("staatsblad"),
        dossier=one.get("dossier"),
        confidence=own or sureness(Confidence(row["confidence"]), is_read=read_on is not None).value,
        details={
            **{name: row.get(name) if one.get(name) is None else one[name] for name in SAID},
            "valid_from": start,
            "articles": list(one.get("articles") or []),
            "change": one.get("change"),
            "why_not_read": one.get("why_not_read"),
        },
    )


def sureness(confidence: Confidence, *, is_read: bool) -> Confidence:
    """How sure one is of a wording: never of a text that nobody read, however well another one was read."""
    return Confidence.PARTLY if confidence is Confidence.VERIFIED and not is_read else confidence


_ARTICLE = re.compile(r"\d+[a-z]*(?:[.:]\d+[a-z]*)*")


def first_article(named: Sequence[str], article: str) -> str | None:
    """The number of the first article: of those that were read, else of what the provision calls itself."""
    if named:
        return named[0]
    found = _ARTICLE.match(article)
    return found.group() if found else None


def jci(bwb_id: str, article: str | None, on: date) -> str:
    """The name of a text in the Dutch standard for references to law (jci 1.3), as it read on a day."""
    place = f"&artikel={article}" if article else ""
    return f"jci1.3:c:{bwb_id}{place}&z={on.isoformat()}&g={on.isoformat()}"


def wording_on(wordings: Iterable[Wording], day: date) -> Wording | None:
    """The wording that held on a day."""
    return next((one for one in wordings if held_on(one.valid_from, one.valid_to, day)), None)


def wording_faults(row: Mapping[str, Any]) -> Iterable[tuple[FieldPath, str]]:
    """What is wrong with the wordings of a provision as the file writes it: where, and a Dutch sentence."""
    written: Sequence[Mapping[str, Any]] = row["wordings"]
    before = first_day(row["valid_from"]) if row["valid_from"] else None
    last = last_day(row["valid_to"]) if row["valid_to"] else None
    for at, one in enumerate(written):
        start = first_day(one["valid_from"]) if one.get("valid_from") else None
        if at == 0 and start is not None:
            yield (at, "valid_from"), "hoort niet bij de eerste redactie: die begint met de bepaling"
        elif at and start is None:
            yield (at, "valid_from"), "ontbreekt: alleen de eerste redactie begint met de bepaling"
        elif at and before is not None and start is not None and start <= before:
            yield (at, "valid_from"), "moet na het begin van de redactie ervoor liggen"
        if start is not None and last is not None and start > last:
            yield (at, "valid_from"), "ligt na het einde van de bepaling"
        if bool(one.get("read_on")) == bool(one.get("why_not_read")):
            yield (at, "why_not_read"), "hoort bij een redactie die niet is gelezen, en alleen daarbij"
        if bool(one.get("read_on")) != bool(one.get("source")):
            yield (at, "source"), "hoort bij een redactie die is gelezen, en alleen daarbij"
        before = start or before
