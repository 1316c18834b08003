"""What a person may ask about the own data, by when there must be an answer, and why something may stay.

The terms are those of AVG art. 12 lid 3: one month from receipt, to be extended once by two more, with a reason that is
told within the first.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from knelpunt.domain.calendar.working_days import add_months, moved_on
from knelpunt.domain.redaction.finds import Known
from knelpunt.domain.texts import Text

ANSWER_MONTHS = 1
EXTENDED_MONTHS = 3
WARNED_BEFORE = timedelta(days=7)
DETAILS_KEPT = timedelta(days=90)
"""So long after the decision name and addresses stay at most, for a letter that still has to go out."""
PROOF_KEPT_YEARS = 5
REDACTED = "[weggehaald]"
"""Stands where something about a person stood."""


class RequestKind(StrEnum):
    """What is asked. Stored values never change."""

    ACCESS = "inzage"
    ERASURE = "wissen"


class RequestChannel(StrEnum):
    """How it came in."""

    PAGE = "pagina"
    LETTER = "brief"
    PHONE = "telefoon"
    MAIL = "mail"


class RequestStatus(StrEnum):
    """Where a request is."""

    RECEIVED = "ontvangen"
    CHECKED = "identiteit_gecontroleerd"
    DONE = "afgehandeld"
    REFUSED = "afgewezen"


OPEN_REQUESTS = frozenset({RequestStatus.RECEIVED, RequestStatus.CHECKED})


class PlaceDecision(StrEnum):
    """What a person decides about one place in which the person is found: for a request to erase whether it goes, for
    one to see whether it goes along with the copy."""

    UNDECIDED = "open"
    TAKE_AWAY = "weghalen"
    GIVE = "meegeven"
    LET_STAND = "laten_staan"


class Ground(StrEnum):
    """Why something stays (AVG art. 17 lid 3, and lid 1 where it is about somebody else), or stays out of a copy
    (art. 15 lid 4)."""

    OTHER_PERSON = "ander_persoon"
    RIGHTS_OF_OTHERS = "rechten_anderen"
    RECORDS = "archiefwet"
    OFFICE = "functie"
    CLAIM = "rechtsvordering"
    CHAIN = "logboek"
    SEALED = "verzegeld"


GROUND_WORDS = {
    Ground.OTHER_PERSON: Text("Dit gaat over iemand anders met dezelfde naam."),
    Ground.RIGHTS_OF_OTHERS: Text(
        "Dit zegt ook iets over anderen, of zij schreven het in vertrouwen (AVG, artikel 15 lid 4)."
    ),
    Ground.RECORDS: Text(
        "Dit hoort bij het dossier. Zo is na te gaan hoe een besluit tot stand kwam. Dat moet van de Archiefwet 1995, "
        "artikel 3 (AVG, artikel 17 lid 3 onder b)."
    ),
    Ground.OFFICE: Text(
        "Dit zegt wie er namens een organisatie werkte. Dat moet na te gaan zijn (AVG, artikel 17 lid 3 onder b)."
    ),
    Ground.CLAIM: Text("Dit is nodig voor een bezwaar of een rechtszaak (AVG, artikel 17 lid 3 onder e)."),
    Ground.CHAIN: Text(
        "Dit staat in het logboek. Dat verandert nooit: het is het bewijs van wat er gebeurde (AVG, artikel 17 lid 3 "
        "onder b)."
    ),
    Ground.SEALED: Text(
        "Dit staat in een verzegelde samenvatting voor de Tweede Kamer (AVG, artikel 17 lid 3 onder d)."
    ),
}
CHOSEN_GROUNDS = {
    RequestKind.ERASURE: (Ground.OTHER_PERSON, Ground.RECORDS, Ground.OFFICE, Ground.CLAIM),
    RequestKind.ACCESS: (Ground.OTHER_PERSON, Ground.RIGHTS_OF_OTHERS),
}
"""Those that a person may give; the others follow from where something stands."""
CHOICES = {RequestKind.ERASURE: PlaceDecision.TAKE_AWAY, RequestKind.ACCESS: PlaceDecision.GIVE}
"""What is done with a place, other than letting it stand."""


class Receipt(StrEnum):
    """How somebody else came by what stands in a case."""

    TOOK_OVER = "overgenomen"
    ASKED = "geraadpleegd"
    FILES_ALONG = "meldt_samen"
    OWN_SYSTEM = "zaaksysteem"


class PrivacyEvent(StrEnum):
    """What happens with requests, as the event chain names it."""

    ASKED = "avg_verzoek_ontvangen"
    OPENED = "avg_verzoek_ingezien"
    CHECKED = "avg_identiteit_gecontroleerd"
    EXTENDED = "avg_termijn_verlengd"
    SEARCHED = "avg_gegevens_gezocht"
    REFUSED = "avg_verzoek_afgewezen"
    DONE = "avg_verzoek_afgehandeld"
    EXPORTED = "avg_gegevens_opgehaald"
    ACCOUNT_EMPTIED = "avg_account_leeggemaakt"


class WordsGone(StrEnum):
    """Words went from what is public, by what they were about; the stored kind of the event. Of an answer the whole
    text is withdrawn."""

    GUIDE = "ruimtewijzer_gewijzigd"
    BOTTLENECK = "regelknelpunt_gewijzigd"
    QUARTER = "kwartaal_gewijzigd"


def subject_of(request_id: int) -> str:
    """How events name a request: by number, so that they stay true after erasure."""
    return f"avg_verzoek:{request_id}"


def due_on(received_on: date, *, is_extended: bool = False) -> date:
    """The last day for an answer; a Saturday, Sunday or holiday moves on."""
    return moved_on(add_months(received_on, EXTENDED_MONTHS if is_extended else ANSWER_MONTHS))


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looked for. ``spellings`` are other ways in which the name is written; each counts by itself."""

    name: str = ""
    spellings: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def wide(self) -> Known:
        """In the person's own cases each part of the name counts."""
        names = tuple(filter(None, (self.name, *self.spellings)))
        return Known(names, self.emails, self.phones, self.addresses)

    @property
    def narrow(self) -> Known:
        """Elsewhere first name and surname must stand together: many people are called Bakker."""
        whole = tuple(filter(None, (self.name, *self.spellings)))
        alone = tuple(each for each in whole if len(each.split()) == 1)
        return Known(alone, self.emails, self.phones, self.addresses, whole)

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.spellings or self.emails or self.phones or self.addresses)


@dataclass(frozen=True, slots=True)
class Done:
    """One line of the proof: what kind of data, how many places, and why they stayed (None: they went)."""

    what: str
    places: int
    ground: Ground | None = None

    @property
    def as_json(self) -> dict[str, Any]:
        return {"wat": self.what, "plaatsen": self.places, "grond": self.ground}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was done on a request: no names, no texts."""

    lines: tuple[Done, ...] = field(default=())

    @classmethod
    def of_json(cls, lines: list[dict[str, Any]]) -> "Proof":
        return cls(
            tuple(
                Done(each["wat"], each["plaatsen"], Ground(each["grond"]) if each["grond"] else None) for each in lines
            )
        )

    @property
    def gone(self) -> tuple[Done, ...]:
        return tuple(each for each in self.lines if each.ground is None)

    @property
    def stays(self) -> tuple[Done, ...]:
        return tuple(each for each in self.lines if each.ground is not None)
