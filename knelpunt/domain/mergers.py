"""Municipalities that go up in another one on a day (gemeentelijke herindeling): what may be planned, and its words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from knelpunt.domain.errors import DomainError
from knelpunt.domain.texts import date_in_words

TOOI = "https://identifier.overheid.nl/tooi/id"
"""Under this address the government names its organisations (thesaurus en ontologie voor overheidsinformatie)."""
REASON_MAX_CHARACTERS = 2000
NAME_MAX_CHARACTERS = 100
EXCEPTIONS_MAX_CHARACTERS = 10_000
MOST_MUNICIPALITIES = 20
FIRST_DAY = date(2014, 1, 1)
AHEAD = timedelta(days=3 * 366)
_CODE = re.compile(r"GM\d{4}")


class MergerStatus(StrEnum):
    """Where a merger stands. Stored values never change."""

    PROPOSED = "voorgesteld"
    PLANNED = "gepland"
    DONE = "uitgevoerd"
    REFUSED = "afgewezen"
    CANCELLED = "ingetrokken"


OPEN_MERGERS = frozenset({MergerStatus.PROPOSED, MergerStatus.PLANNED})


class MergerEvent(StrEnum):
    """What the event chain says of a merger. Stored words; never renamed."""

    PROPOSED = "herindeling_voorgesteld"
    PLANNED = "herindeling_vastgesteld"
    REFUSED = "herindeling_afgewezen"
    CANCELLED = "herindeling_ingetrokken"
    DONE = "herindeling_uitgevoerd"


def subject_of(merger_id: int) -> str:
    """How events name a merger."""
    return f"herindeling:{merger_id}"


def check_day(day: date, today: date) -> None:
    """Raise DomainError for a day that no merger of municipalities in this site can have."""
    latest = today + AHEAD
    if not FIRST_DAY <= day <= latest:
        raise DomainError(
            f"Kies een dag van {date_in_words(FIRST_DAY)} tot en met {date_in_words(latest)}.", field="day"
        )


def check_code(text: str) -> str:
    """The code of Statistics Netherlands (CBS) in its stored form."""
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise DomainError("Vul de code van het CBS in: GM en vier cijfers.", field="code")
    return code


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One line of what does not go to the municipality that most goes to: an account or a case, and where it goes."""

    what: str
    code: str

    @property
    def is_account(self) -> bool:
        return "@" in self.what


def read_elsewhere(text: str) -> tuple[Elsewhere, ...]:
    """The lines "naam@gemeente.nl GM0123" and "KNP-2026-00012 GM0123", each account or case once.

    Raises:
        DomainError: on the field ``elsewhere``, with the line that cannot be read.
    """
    found: dict[str, Elsewhere] = {}
    for line in filter(None, (each.strip() for each in text.splitlines())):
        what, _blank, code = line.rpartition(" ")
        if not what.strip() or not _CODE.fullmatch(code.upper()):
            raise DomainError(f"Deze regel kunnen wij niet lezen: {line[:80]}", field="elsewhere")
        key = what.strip().lower() if "@" in what else what.strip().upper()
        if key in found:
            raise DomainError(f"Dit staat er twee keer: {key[:80]}", field="elsewhere")
        found[key] = Elsewhere(key, code.upper())
    return tuple(found.values())


FOLLOWING: Mapping[str, tuple[str, str]] = {
    "accounts": ("account", "accounts"),
    "uitnodigingen": ("open uitnodiging", "open uitnodigingen"),
    "inlogregels": ("inlogregel", "inlogregels"),
    "concepten": ("concept van de gemeente", "concepten van de gemeente"),
    "concepten_van_anderen": ("concept van een ander, met deze plaats", "concepten van anderen, met deze plaats"),
    "open_zaken": ("open zaak", "open zaken"),
    "afgeronde_zaken": ("afgeronde zaak, om te lezen", "afgeronde zaken, om te lezen"),
    "samen_gemeld": ("zaak van een ander waarin de gemeente meedoet", "zaken van anderen waarin de gemeente meedoet"),
    "gebruikte_ruimtewijzers": ("gebruikte ruimtewijzer", "gebruikte ruimtewijzers"),
}
"""What follows to the new organisation, in the order in which it is told: one, and several."""
