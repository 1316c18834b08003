"""The way of a quarter: from open to presented, as one table that says which step may be taken where, and by whom."""

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
    CORRECT = "erratum_gemaakt"


@dataclass(frozen=True, slots=True)
class QuarterTransition:
    """One row of the table.

    ``waits``: whether the text lies before a second person; None: no matter. ``is_second``: who does this is another
    than who asked for it and than who wrote last. ``after``: where the quarter is then; None: where it was.
    """

    step: QuarterStep
    words: str
    before: frozenset[QuarterStatus]
    after: QuarterStatus | None = None
    waits: bool | None = None
    is_second: bool = False


_S = QuarterStatus
_READY = frozenset({_S.APPROVED, _S.PRESENTED, _S.CORRECTED})
TRANSITIONS: dict[QuarterStep, QuarterTransition] = {
    each.step: each
    for each in (
        QuarterTransition(QuarterStep.BEGIN, Text("Begin met schrijven"), frozenset({_S.SEALED}), _S.WRITING),
        QuarterTransition(QuarterStep.WRITE, Text("Schrijf"), frozenset({_S.WRITING}), waits=False),
        QuarterTransition(QuarterStep.CHOOSE, Text("Kies het knelpunt"), frozenset({_S.WRITING}), waits=False),
        QuarterTransition(QuarterStep.ASK_COMMENT, Text("Vraag een reactie"), frozenset({_S.WRITING}), waits=False),
        QuarterTransition(QuarterStep.COMMENT, Text("Reageer"), frozenset({_S.WRITING}), waits=False),
        QuarterTransition(
            QuarterStep.SETTLE_COMMENT, Text("Verwerk een reactie"), frozenset({_S.WRITING}), waits=False
        ),
        QuarterTransition(QuarterStep.ASK_APPROVAL, Text("Leg voor"), frozenset({_S.WRITING}), waits=False),
        QuarterTransition(QuarterStep.RETURN, Text("Geef terug"), frozenset({_S.WRITING}), waits=True),
        QuarterTransition(
            QuarterStep.APPROVE, Text("Geef akkoord"), frozenset({_S.WRITING}), _S.APPROVED, waits=True, is_second=True
        ),
        QuarterTransition(QuarterStep.REOPEN, Text("Trek het akkoord in"), frozenset({_S.APPROVED}), _S.WRITING),
        QuarterTransition(QuarterStep.PRESENT, Text("Bied aan"), frozenset({_S.APPROVED}), _S.PRESENTED),
        QuarterTransition(
            QuarterStep.NUMBER, Text("Vul het nummer van het Kamerstuk in"), frozenset({_S.PRESENTED, _S.CORRECTED})
        ),
        QuarterTransition(
            QuarterStep.CORRECT, Text("Corrigeer een cijfer"), frozenset({_S.SEALED, _S.WRITING, *_READY})
        ),
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
    if status not in row.before:
        raise TransitionNotAllowed(
            Text("Dat kan nu niet. Dit kwartaal staat op: %(status)s.", status=STATUS_TEXTS[status])
        )
    if row.waits is not None and row.waits is not waits:
        raise TransitionNotAllowed(WAITS if waits else WAITS_NOT)
    return row


def may(step: QuarterStep, status: QuarterStatus, *, waits: bool) -> bool:
    """Whether a step may be taken now, for a button."""
    row = TRANSITIONS[step]
    return status in row.before and row.waits in (None, waits)


MOST_WORDS = 40_000
"""Characters in one section."""
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
