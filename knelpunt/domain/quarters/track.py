"""The way of a quarter: from open to presented, as one table that says which step may be taken where, and whether by a
second person."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError, TransitionNotAllowed
from knelpunt.domain.texts import Text


class QuarterStatus(StrEnum):
    """Where a quarter is. There is no way back from sealed."""

    OPEN = "open"
    CHECKING = "datacontrole"
    SEALED = "verzegeld"
    WRITING = "tekst"
    APPROVED = "akkoord"
    PRESENTED = "aangeboden"
    CORRECTED = "erratum"


class QuarterStep(StrEnum):
    """What can be done with the text of a sealed quarter; the stored kind of the event."""

    BEGIN = "kwartaaltekst_begonnen"
    WRITE = "kwartaaltekst_bewaard"
    CHOOSE = "kwartaalknelpunt_gekozen"
    ASK_COMMENT = "kwartaalreactie_gevraagd"
    COMMENT = "kwartaalreactie_gegeven"
    SETTLE_COMMENT = "kwartaalreactie_verwerkt"
    ASK_APPROVAL = "kwartaaltekst_voorgelegd"
    RETURN = "kwartaaltekst_teruggegeven"
    APPROVE = "kwartaaltekst_akkoord"
    REOPEN = "kwartaaltekst_heropend"
    PRESENT = "kwartaal_aangeboden"
    NUMBER = "kwartaal_kamerstuk"


@dataclass(frozen=True, slots=True)
class QuarterTransition:
    """One row of the table.

    ``waits``: whether the text lies before a second person; None: no matter. ``is_second``: who does this is another
    than who asked for it and than who wrote last. ``words``: on the button; empty for a step that has none where the
    text is shown.
    """

    step: QuarterStep
    before: QuarterStatus
    after: QuarterStatus
    words: str = ""
    waits: bool | None = None
    is_second: bool = False


_S = QuarterStatus
_WRITES = (_S.WRITING, _S.WRITING)
TRANSITIONS: dict[QuarterStep, QuarterTransition] = {
    each.step: each
    for each in (
        QuarterTransition(QuarterStep.BEGIN, _S.SEALED, _S.WRITING, Text("Begin met schrijven")),
        QuarterTransition(QuarterStep.WRITE, *_WRITES, waits=False),
        QuarterTransition(QuarterStep.CHOOSE, *_WRITES, Text("Kies het knelpunt van het kwartaal"), waits=False),
        QuarterTransition(QuarterStep.ASK_COMMENT, *_WRITES, waits=False),
        QuarterTransition(QuarterStep.COMMENT, *_WRITES, waits=False),
        QuarterTransition(QuarterStep.SETTLE_COMMENT, *_WRITES, waits=False),
        QuarterTransition(QuarterStep.ASK_APPROVAL, *_WRITES, Text("Leg voor akkoord voor"), waits=False),
        QuarterTransition(QuarterStep.RETURN, *_WRITES, waits=True),
        QuarterTransition(
            QuarterStep.APPROVE, _S.WRITING, _S.APPROVED, Text("Beslis over de tekst"), waits=True, is_second=True
        ),
        QuarterTransition(QuarterStep.REOPEN, _S.APPROVED, _S.WRITING, Text("Trek het akkoord in")),
        QuarterTransition(QuarterStep.PRESENT, _S.APPROVED, _S.PRESENTED, Text("Leg vast dat de tekst is aangeboden")),
        QuarterTransition(QuarterStep.NUMBER, _S.PRESENTED, _S.PRESENTED, Text("Vul het nummer van het Kamerstuk in")),
    )
}
STATUS_TEXTS: dict[QuarterStatus, Text] = {
    _S.OPEN: Text("Loopt nog"),
    _S.CHECKING: Text("Wordt nagekeken"),
    _S.SEALED: Text("Verzegeld"),
    _S.WRITING: Text("Tekst wordt geschreven"),
    _S.APPROVED: Text("Akkoord"),
    _S.PRESENTED: Text("Aangeboden"),
    _S.CORRECTED: Text("Aangeboden, met een correctie"),
}
WAITS = Text("De tekst ligt voor akkoord. Neem haar eerst terug.")
WAITS_NOT = Text("De tekst ligt niet voor akkoord.")
SECOND_PERSON = Text("U schreef aan deze tekst of legde haar voor. Een ander moet akkoord geven.")
HAS_CHANGED = Text("De tekst is veranderd sinds u haar opende. Lees haar opnieuw.")
COMMENTS_OPEN = Text("Er staan nog reacties open. Verwerk die eerst.")
HAS_ERRORS = Text("In de tekst staan nog fouten. Los die eerst op.")
IS_EMPTY = Text("Deze delen zijn nog leeg: %(sections)s.")


def status_of(
    *, is_over: bool, is_sealed: bool, text_status: QuarterStatus | None, has_errata_since: bool
) -> QuarterStatus:
    """Where a quarter is.

    Args:
        text_status: what its text says, if it has one.
        has_errata_since: whether a figure was corrected after it was presented.
    """
    if text_status is QuarterStatus.PRESENTED and has_errata_since:
        return QuarterStatus.CORRECTED
    if text_status is not None:
        return text_status
    if is_sealed:
        return QuarterStatus.SEALED
    return QuarterStatus.CHECKING if is_over else QuarterStatus.OPEN


def require(step: QuarterStep, status: QuarterStatus, *, waits: bool) -> QuarterTransition:
    """The row of a step that may be taken now.

    Raises:
        TransitionNotAllowed: it may not.
    """
    row = TRANSITIONS[step]
    if status is not row.before:
        raise TransitionNotAllowed(
            Text("Dat kan nu niet. Dit kwartaal staat op: %(status)s.", status=STATUS_TEXTS[status])
        )
    if row.waits is not None and row.waits is not waits:
        raise TransitionNotAllowed(WAITS if waits else WAITS_NOT)
    return row


def may(step: QuarterStep, status: QuarterStatus, *, waits: bool) -> bool:
    """Whether a step may be taken now, for a button."""
    row = TRANSITIONS[step]
    return status is row.before and row.waits in (None, waits)


MOST_CHARACTERS = 40_000
"""In one section."""
PAPER_LENGTH = 60
COMMENT_DAYS = 10
"""Working days that a ministry gets to comment, when the author fills in nothing else."""
MOST_COMMENT_DAYS = timedelta(days=42)
LINK_HOLDS_AFTER = timedelta(days=14)
"""How long after the last day a comment link still shows what was said."""


def require_comment_day(due_on: date, today: date) -> None:
    """Raise unless a last day for comments lies ahead, and within six weeks."""
    if not today < due_on <= today + MOST_COMMENT_DAYS:
        raise DomainError(Text("Kies een dag na vandaag, hooguit zes weken vooruit."), field="due_on")


@dataclass(frozen=True, slots=True)
class QuarterDays:
    """The reference dates of a quarter: when it is checked, sealed, written and presented, at the latest."""

    quarter: Quarter
    check_on: date
    seal_on: date
    text_on: date
    present_on: date

    @property
    def in_order(self) -> bool:
        return self.quarter.last_day < self.check_on <= self.seal_on <= self.text_on <= self.present_on


class QuarterDay(StrEnum):
    """What must be done by a reference date; the last part of the address where it is done."""

    CHECK = "nakijken"
    SEAL = "verzegelen"
    TEXT = "tekst"
    PRESENT = "aanbieden"


DAY_TEXTS: dict[QuarterDay, Text] = {
    QuarterDay.CHECK: Text("Kijk de cijfers na en vraag om te verzegelen"),
    QuarterDay.SEAL: Text("Verzegel de cijfers"),
    QuarterDay.TEXT: Text("Schrijf de tekst en zorg voor akkoord"),
    QuarterDay.PRESENT: Text("Bied de tekst aan de Tweede Kamer aan"),
}
REMINDED_AHEAD = timedelta(days=7)
"""From so long before a reference date who must act is reminded."""


def next_day(days: QuarterDays, status: QuarterStatus, *, is_asked: bool) -> tuple[QuarterDay, date] | None:
    """What comes next in a quarter and by when; None once it is presented.

    Args:
        is_asked: whether its figures lie before a second person to be sealed.
    """
    match status:
        case QuarterStatus.OPEN | QuarterStatus.CHECKING if not is_asked:
            return QuarterDay.CHECK, days.check_on
        case QuarterStatus.OPEN | QuarterStatus.CHECKING:
            return QuarterDay.SEAL, days.seal_on
        case QuarterStatus.SEALED | QuarterStatus.WRITING:
            return QuarterDay.TEXT, days.text_on
        case QuarterStatus.APPROVED:
            return QuarterDay.PRESENT, days.present_on
        case _:
            return None


_AFTER = (7, 14, 35, 49)
QUARTERS_AHEAD = 4


def usual_days(quarter: Quarter) -> QuarterDays:
    """The dates that a quarter gets when nobody chose others: counted from its last day."""
    return QuarterDays(quarter, *(quarter.last_day + timedelta(days=days) for days in _AFTER))


def planned_quarters(running: Quarter) -> tuple[Quarter, ...]:
    """The running quarter and those after it whose dates are set: a year ahead."""
    found = [running]
    while len(found) <= QUARTERS_AHEAD:
        found.append(found[-1].next())
    return tuple(found)
