"""Changing a term in the site: one administrator proposes, another decides, and it holds from a day still to come."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from knelpunt.domain.calendar.clocks import OWN_UNIT, Clock, Term, Unit, length_in_words
from knelpunt.domain.errors import DomainError
from knelpunt.domain.texts import date_in_words

REASON_MAX_CHARACTERS = 2000
AHEAD = timedelta(days=731)
"""How far ahead a term may begin to hold."""
LONGEST = {Unit.WORKING_DAYS: 260, Unit.CALENDAR_DAYS: 366, Unit.WEEKS: 52, Unit.MONTHS: 24}
"""The longest term that the site takes, by unit."""
FIXED = frozenset({Clock.K0})
"""Clocks that nobody can make longer: the receipt goes out at once."""


class TermChangeStatus(StrEnum):
    """Where a proposal stands; every status but the first is its last."""

    PROPOSED = "voorgesteld"
    APPROVED = "vastgesteld"
    REFUSED = "afgewezen"
    WITHDRAWN = "ingetrokken"


class TermEvent(StrEnum):
    """What the event chain says of a proposal. Stored words; never renamed."""

    PROPOSED = "termijnwijziging_voorgesteld"
    APPROVED = "termijnwijziging_vastgesteld"
    REFUSED = "termijnwijziging_afgewezen"
    WITHDRAWN = "termijnwijziging_ingetrokken"


def units_of(clock: Clock) -> tuple[Unit, ...]:
    """In which units the term of a clock may be given."""
    return (OWN_UNIT[clock],) if clock in OWN_UNIT else tuple(Unit)


def fingerprint(terms: Iterable[Term]) -> str:
    """SHA-256 over all terms of one clock, in whatever order they come."""
    lines = sorted(
        f"{each.clock} {each.valid_from} {each.valid_to} {each.length} {each.unit} {each.may_be_suspended}"
        for each in terms
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def holding(terms: Iterable[Term], day: date) -> list[Term]:
    """The terms for a case that is filed on a day, shortest first."""
    return sorted((each for each in terms if each.holds_on(day)), key=lambda each: each.length)


def check_day(from_day: date, today: date) -> None:
    """Raise DomainError unless a term may begin to hold on a day: cases that are filed today keep what holds today."""
    if from_day <= today:
        raise DomainError(
            "Kies een dag na vandaag. Een zaak houdt de termijnen van de dag waarop die is ingediend.",
            field="from_day",
        )
    if from_day > today + AHEAD:
        raise DomainError(f"Kies een dag tot en met {date_in_words(today + AHEAD)}.", field="from_day")


def check_term(terms: Iterable[Term], clock: Clock, place: int, length: int, unit: Unit, from_day: date) -> None:
    """Raise DomainError when the term of a clock cannot become this.

    Args:
        terms: all terms of the clock.
        place: which of those that hold on a day, shortest first; 0 for a clock that runs once.
    """
    if clock in FIXED:
        raise DomainError("Deze termijn verandert niet: de bevestiging gaat altijd meteen uit.")
    if unit not in units_of(clock):
        raise DomainError(f"Deze termijn telt in {OWN_UNIT[clock]}.", field="unit")
    if not 1 <= length <= LONGEST[unit]:
        raise DomainError(f"Vul een getal in van 1 tot en met {LONGEST[unit]}.", field="length")
    held = holding(terms, from_day)
    if place >= len(held):
        raise DomainError("Op deze dag geldt deze termijn niet.", field="from_day")
    before = held[place]
    if (before.length, before.unit) == (length, unit):
        raise DomainError(f"Op die dag is de termijn al {length_in_words(length, unit)}.", field="length")
    shorter, longer = held[:place], held[place + 1 :]
    if any(each.length >= length for each in shorter) or any(each.length <= length for each in longer):
        raise DomainError("De eerste keer moet eerder zijn dan de tweede keer.", field="length")
