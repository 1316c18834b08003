"""The clocks of a case, the units in which they count, the terms that hold for them on a day, and both in words.

How long each runs stands in ``data/terms.yaml``; ``services/core/clocks`` takes the term of the day of filing.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, structs

from knelpunt.domain import shapes
from knelpunt.domain.texts import Text, counted

MAX_LENGTH = 3660


class Unit(StrEnum):
    """In what a term is expressed."""

    WORKING_DAYS = "werkdagen"
    CALENDAR_DAYS = "dagen"
    WEEKS = "weken"
    MONTHS = "maanden"


class Clock(StrEnum):
    """What a term is about: the ten clocks of the desk, the term to close after a proposal was accepted, the terms that
    the submitter and another organisation are given, that within which a rule bottleneck gets its ministry, and the
    terms of drafts, of guides and of their use."""

    K0 = "K0"
    K1 = "K1"
    K2 = "K2"
    K3 = "K3"
    K4 = "K4"
    K5 = "K5"
    K6 = "K6"
    K7 = "K7"
    K8 = "K8"
    K9 = "K9"
    CLOSING = "afsluiting"
    SUPPLEMENT = "aanvulling"
    PREVIEW = "inzage"
    SHARING = "toestemming"
    REFERRAL = "overdracht"
    AFTER_REFUSAL = "na_afwijzing"
    OWNER = "eigenaar"
    DRAFT = "concept"
    GUIDE = "hercontrole"
    CLAIM = "gebruik"

    @property
    def label(self) -> str:
        """Short Dutch name, for a table or a heading."""
        return _WORDS[self][0]

    @property
    def explanation(self) -> str:
        """One or two plain Dutch sentences that say what the clock measures and whether it may stand still."""
        return _WORDS[self][1]


_WORDS = {
    Clock.K0: (
        Text("Ontvangstbevestiging"),
        Text("U krijgt meteen een bevestiging dat uw knelpunt is binnengekomen."),
    ),
    Clock.K1: (
        Text("Eerste reactie van een medewerker"),
        Text(
            "De tijd tot een medewerker u voor het eerst antwoordt. De klok staat stil als wij u om een "
            "aanvulling vragen."
        ),
    ),
    Clock.K2: (
        Text("Oordeel na de eerste beoordeling"),
        Text("De tijd tot u hoort hoe wij uw knelpunt zien. De klok kan stilstaan, bijvoorbeeld bij een vraag aan u."),
    ),
    Clock.K3: (
        Text("Antwoord van een ministerie"),
        Text("De tijd die een ministerie heeft om onze vraag te beantwoorden. Deze klok staat nooit stil."),
    ),
    Clock.K4: (
        Text("Voorstel voor een oplossing"),
        Text(
            "De tijd tot u een voorstel krijgt. De klok loopt door als wij een ministerie om "
            "antwoord vragen en kan stilstaan bij een vraag aan u."
        ),
    ),
    Clock.K5: (
        Text("Reactie op het voorstel"),
        Text("De tijd die u hebt om op ons voorstel te reageren. De klok kan op uw verzoek stilstaan."),
    ),
    Clock.K6: (
        Text("Tijd om een heroverweging te vragen"),
        Text("De tijd waarin u na de afsluiting kunt zeggen dat u het niet eens bent. Deze klok staat nooit stil."),
    ),
    Clock.K7: (
        Text("Nieuws over een regelknelpunt"),
        Text(
            "De tijd tot u weer hoort hoe het staat met een regel die voor meer mensen een knelpunt "
            "is. Deze klok staat nooit stil."
        ),
    ),
    Clock.K8: (
        Text("Heroverweging"),
        Text(
            "De tijd tot een andere behandelaar uw knelpunt opnieuw heeft bekeken. De klok kan "
            "stilstaan als u dat goedvindt."
        ),
    ),
    Clock.K9: (
        Text("Nazorg"),
        Text("Het moment waarop wij vragen of uw project is doorgegaan. Deze klok staat nooit stil."),
    ),
    Clock.CLOSING: (
        Text("Afsluiten na het voorstel"),
        Text(
            "De tijd tot u de afsluitende brief krijgt. De klok begint als u ons voorstel aanneemt, of als uw tijd om "
            "te reageren voorbij is. Deze klok staat nooit stil."
        ),
    ),
    Clock.SUPPLEMENT: (
        Text("Aanvulling"),
        Text(
            "De tijd die u hebt om onze vraag te beantwoorden. Hoort het loket niets, dan gaat het verder "
            "met wat er is."
        ),
    ),
    Clock.PREVIEW: (
        Text("Inzage in de openbare tekst"),
        Text("De tijd waarin u kunt zeggen dat u iets in de openbare tekst anders wilt."),
    ),
    Clock.SHARING: (
        Text("Toestemming om te delen"),
        Text("De tijd waarin u kunt zeggen of wij uw melding met een andere instantie mogen delen."),
    ),
    Clock.REFERRAL: (
        Text("Overname door een andere instantie"),
        Text("De tijd die een andere instantie heeft om uw melding over te nemen. Daarna is zij weer bij het loket."),
    ),
    Clock.AFTER_REFUSAL: (
        Text("Na een afgewezen voorstel ten minste"),
        Text("De tijd die het loket ten minste heeft voor een nieuw voorstel, als u een voorstel afwijst."),
    ),
    Clock.OWNER: (
        Text("Ministerie bij een regelknelpunt"),
        Text("De tijd tot bekend is welk ministerie over een regelknelpunt gaat."),
    ),
    Clock.DRAFT: (
        Text("Melding die nog niet af is"),
        Text("Zo lang na uw laatste wijziging waarschuwen wij u eerst, en gooien wij de melding daarna weg."),
    ),
    Clock.GUIDE: (
        Text("Nakijken van een ruimtewijzer"),
        Text("De tijd tot het loket een openbare ruimtewijzer opnieuw nakijkt."),
    ),
    Clock.CLAIM: (
        Text("Vraag na het gebruik van een ruimtewijzer"),
        Text("De momenten waarop wij een gemeente vragen of het is gelukt. Na een antwoord vragen wij niets meer."),
    ),
}

WINDOWS = frozenset({Clock.K6})
"""Clocks that only tell until when somebody can do something: when they end, nobody is late."""
REPEATED = frozenset({Clock.K9, Clock.DRAFT, Clock.CLAIM})
"""Clocks that run once for each of the terms that hold on a day; of any other the shortest holds."""
OWN_UNIT = {
    Clock.K9: Unit.MONTHS,
    Clock.DRAFT: Unit.CALENDAR_DAYS,
    Clock.GUIDE: Unit.MONTHS,
    Clock.CLAIM: Unit.MONTHS,
}
"""Clocks whose terms are told in one unit alone."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long a clock runs for cases filed from ``valid_from`` up to and including ``valid_to`` (None: still holds).

    A length of 0 means "the same day". Raises ValueError when the numbers or dates make no sense.
    """

    clock: Clock
    length: int
    unit: Unit
    valid_from: date
    valid_to: date | None = None
    may_be_suspended: bool = False
    source: str = ""

    @property
    def words(self) -> Text:
        """How long it is."""
        return length_in_words(self.length, self.unit)

    def holds_on(self, day: date) -> bool:
        """Whether a case that is filed on this day gets it."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def __post_init__(self) -> None:
        if not 0 <= self.length <= MAX_LENGTH:
            raise ValueError(f"a term must be 0 to {MAX_LENGTH} long, not {self.length}")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("a term cannot end before it begins to hold")


class TermFields(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A term as ``data/terms.yaml`` has it; ``source`` says where it comes from."""

    clock: Clock
    length: Annotated[int, Meta(ge=0, le=MAX_LENGTH, description=f"moet een getal zijn van 0 tot en met {MAX_LENGTH}")]
    unit: Unit
    valid_from: date
    valid_to: date | None = None
    may_be_suspended: bool
    source: shapes.Text

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("'valid_to' ligt voor 'valid_from'")

    @property
    def term(self) -> Term:
        return Term(**structs.asdict(self))


def length_in_words(length: int, unit: Unit) -> Text:
    """How long a term is: "10 werkdagen", "1 maand"."""
    if unit is Unit.WORKING_DAYS:
        return counted("%(num)s werkdag", "%(num)s werkdagen", length)
    if unit is Unit.CALENDAR_DAYS:
        return counted("%(num)s dag", "%(num)s dagen", length)
    if unit is Unit.WEEKS:
        return counted("%(num)s week", "%(num)s weken", length)
    return counted("%(num)s maand", "%(num)s maanden", length)


def days_left_in_words(days: int, unit: Unit) -> Text:
    """Time left of a term: "nog 3 werkdagen", "vandaag", "2 werkdagen te laat".

    Args:
        days: as ``deadlines.days_left`` counts them: working days for a term in working days, else calendar days.
        unit: the unit of the term; a term in weeks or months is counted down in days.
    """
    if days == 0:
        return Text("vandaag")
    length = length_in_words(abs(days), Unit.WORKING_DAYS if unit is Unit.WORKING_DAYS else Unit.CALENDAR_DAYS)
    return Text("nog %(counted)s", counted=length) if days > 0 else Text("%(counted)s te laat", counted=length)
