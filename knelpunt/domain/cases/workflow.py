"""The workflow as data: one table of steps that buttons, checks and the diagram in the docs all read. The tests hold it
against ``tests/support/step_table.py``, which is written by hand.

Numbers are those of the step list in ``docs/workflow.md``. A step that leads back to "the state it came from" has no
fixed target.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.errors import PermissionDenied, TransitionNotAllowed
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import ENDED_STATUSES, OPEN_STATUSES, CaseStatus, EventKind

S = CaseStatus


class Party(StrEnum):
    """Who takes a step."""

    STAFF = auto()
    SUBMITTER = auto()
    MINISTRY = auto()
    OTHER_DOOR = auto()
    SYSTEM = auto()


class Requirement(StrEnum):
    """A fact about the case, outside the step's own form, that must hold before the step."""

    HANDLER_NAMED = auto()
    IN_SCOPE_ANSWERED = auto()
    NO_OPEN_QUESTION = auto()
    NO_OPEN_REVIEW = auto()
    VERDICT_DECIDED = auto()
    VERDICT_FITS = auto()
    VERDICT_STANDS = auto()
    PROPOSAL_ANSWERED = auto()
    PUBLIC_TEXT_WRITTEN = auto()
    MINISTRIES_AGREE = auto()
    RULE_ACCEPTED = auto()
    NOT_OFFERED = auto()


MISSING = {
    Requirement.HANDLER_NAMED: "Wijs eerst een behandelaar aan.",
    Requirement.IN_SCOPE_ANSWERED: "Leg eerst vast of de melding bij dit loket hoort.",
    Requirement.NO_OPEN_QUESTION: "Er staat nog een vraag open bij de indiener.",
    Requirement.NO_OPEN_REVIEW: "Er wacht al een stap op een tweede persoon.",
    Requirement.VERDICT_DECIDED: "Het oordeel is nog onbeslist.",
    Requirement.VERDICT_FITS: (
        "Het oordeel past niet bij de gekoppelde bepalingen. Bij V1 tot V4 hoort een bepaling die ruimte biedt. Bij "
        "V5, V6 en V7 hoort een bepaling die belemmert. Bij V5 is die van het Rijk, bij V6 van de EU, bij V7 van "
        "gemeente, provincie of waterschap. Bij V8 horen er ten minste twee, bij V9 geen."
    ),
    Requirement.VERDICT_STANDS: (
        "Het oordeel is nog onbeslist, of past niet meer bij de gekoppelde bepalingen. Wijzig het oordeel of de "
        "bepalingen."
    ),
    Requirement.PROPOSAL_ANSWERED: "De indiener heeft nog niet gereageerd en de reactietermijn loopt nog.",
    Requirement.PUBLIC_TEXT_WRITTEN: "Schrijf eerst de openbare tekst.",
    Requirement.MINISTRIES_AGREE: "Ministeries spreken elkaar tegen. Het hoofd van het loket beslist eerst.",
    Requirement.RULE_ACCEPTED: "De eigenaar van een regelknelpunt heeft de zaak nog niet aanvaard.",
    Requirement.NOT_OFFERED: "De zaak is aan een andere instantie aangeboden. Wacht op antwoord, of trek het "
    "aanbod in.",
}
"""What is missing, in the words that the screen shows."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: where it may start, where it ends, who may take it, what it needs, what it does to the clocks.

    ``requires`` must hold before the step; ``asks`` is what the step's own form asks, in Dutch for the documents.
    ``second_permission``: what the second person of a reviewed step needs.
    ``on_behalf``: with this permission the desk may write the step down for a submitter who told it otherwise; None:
    only the one who takes the step does so.
    """

    name: EventKind
    number: int
    sources: frozenset[CaseStatus]
    target: CaseStatus | None
    permission: Permission
    party: Party
    requires: tuple[Requirement, ...] = ()
    asks: tuple[str, ...] = ()
    is_reviewed: bool = False
    stops: frozenset[Clock] = frozenset()
    starts: frozenset[Clock] = frozenset()
    suspends: bool = False
    resumes: bool = False
    on_behalf: Permission | None = None
    second_permission: Permission = Permission.REVIEW_CASE

    def check_from(self, status: CaseStatus) -> None:
        """Raise TransitionNotAllowed when the step doesn't start in this state."""
        if status not in self.sources:
            raise TransitionNotAllowed(Text("Deze stap past niet bij waar de zaak nu staat."))

    @property
    def permission_on_behalf(self) -> Permission:
        """What the desk needs to write this step down for the submitter. Raises PermissionDenied when it never may."""
        if self.on_behalf is None:
            raise PermissionDenied(Text("Dit kan alleen de indiener zelf."))
        return self.on_behalf

    def lacks(self, facts: frozenset[Requirement]) -> tuple[Requirement, ...]:
        """What the case still lacks for this step, in the order of the table."""
        return tuple(requirement for requirement in self.requires if requirement not in facts)

    def missing(self, facts: frozenset[Requirement]) -> list[str]:
        """The same in Dutch."""
        return [MISSING[requirement] for requirement in self.lacks(facts)]


FILE = Transition(
    EventKind.FILED,
    2,
    frozenset({S.DRAFT}),
    S.SUBMITTED,
    Permission.FILE_CASE,
    Party.SUBMITTER,
    stops=frozenset(),
    starts=frozenset({Clock.K0, Clock.K1}),
    asks=(
        "titel",
        "contact",
        "gemeente",
        "omschrijving",
        "keuzes over toestemming",
    ),
)
TAKE_IN = Transition(
    EventKind.TAKEN_IN,
    3,
    frozenset({S.SUBMITTED}),
    S.IN_TRIAGE,
    Permission.TRIAGE_CASE,
    Party.STAFF,
    requires=(Requirement.HANDLER_NAMED, Requirement.IN_SCOPE_ANSWERED),
    stops=frozenset({Clock.K1}),
    starts=frozenset({Clock.K2}),
)
REQUEST_SUPPLEMENT = Transition(
    EventKind.SUPPLEMENT_REQUESTED,
    4,
    frozenset({S.SUBMITTED, S.IN_TRIAGE, S.IN_HANDLING}),
    S.AWAITING_SUPPLEMENT,
    Permission.HANDLE_CASE,
    Party.STAFF,
    requires=(Requirement.NO_OPEN_REVIEW, Requirement.NOT_OFFERED),
    suspends=True,
    asks=(
        "wat ontbreekt",
        "waarom",
        "een termijn, niet korter dan die voor een aanvulling",
    ),
)
RECEIVE_SUPPLEMENT = Transition(
    EventKind.SUPPLEMENT_RECEIVED,
    5,
    frozenset({S.AWAITING_SUPPLEMENT}),
    None,
    Permission.ANSWER_AS_SUBMITTER,
    Party.SUBMITTER,
    resumes=True,
    asks=("het antwoord",),
    on_behalf=Permission.HANDLE_CASE,
)
SUPPLEMENT_LAPSED = Transition(
    EventKind.SUPPLEMENT_LAPSED,
    5,
    frozenset({S.AWAITING_SUPPLEMENT}),
    None,
    Permission.HANDLE_CASE,
    Party.SYSTEM,
    resumes=True,
)
START_HANDLING = Transition(
    EventKind.HANDLING_STARTED,
    7,
    frozenset({S.IN_TRIAGE}),
    S.IN_HANDLING,
    Permission.TRIAGE_CASE,
    Party.STAFF,
    requires=(Requirement.HANDLER_NAMED, Requirement.NO_OPEN_REVIEW, Requirement.NOT_OFFERED),
    is_reviewed=True,
    stops=frozenset({Clock.K2}),
    starts=frozenset({Clock.K4}),
    asks=(
        "oordeel in gewone en in juridische woorden, dat past bij de gekoppelde bepalingen",
        "een bepaling met datum of de reden waarom er geen is",
        "niveau",
        "route",
        "ministerie dat voorop gaat",
    ),
)
ANSWER_WITH_GUIDE = Transition(
    EventKind.ANSWERED_WITH_GUIDE,
    8,
    frozenset({S.IN_TRIAGE}),
    S.PROPOSED,
    Permission.TRIAGE_CASE,
    Party.STAFF,
    requires=(Requirement.HANDLER_NAMED, Requirement.NO_OPEN_REVIEW, Requirement.NOT_OFFERED),
    is_reviewed=True,
    stops=frozenset({Clock.K2}),
    starts=frozenset({Clock.K5}),
    asks=(
        "een oordeel dat zegt dat er ruimte is",
        "een openbare ruimtewijzer die past",
        "waarom die past",
        "niveau",
    ),
)
PROPOSE = Transition(
    EventKind.PROPOSED,
    11,
    frozenset({S.IN_HANDLING}),
    S.PROPOSED,
    Permission.HANDLE_CASE,
    Party.STAFF,
    requires=(
        Requirement.VERDICT_DECIDED,
        Requirement.VERDICT_FITS,
        Requirement.NO_OPEN_REVIEW,
        Requirement.MINISTRIES_AGREE,
    ),
    is_reviewed=True,
    stops=frozenset({Clock.K4}),
    starts=frozenset({Clock.K5}),
    asks=(
        "voorstel",
        "juridische basis met datum",
        "voorwaarden",
        "wie handelt",
        "voor wanneer",
    ),
)
REFUSE_PROPOSAL = Transition(
    EventKind.PROPOSAL_REFUSED,
    12,
    frozenset({S.PROPOSED}),
    S.IN_HANDLING,
    Permission.ANSWER_AS_SUBMITTER,
    Party.SUBMITTER,
    stops=frozenset({Clock.K5}),
    starts=frozenset({Clock.K4}),
    asks=("waarom het niet werkt",),
    on_behalf=Permission.HANDLE_CASE,
)
CLOSE = Transition(
    EventKind.CLOSED,
    13,
    frozenset({S.PROPOSED}),
    S.CLOSED,
    Permission.HANDLE_CASE,
    Party.STAFF,
    requires=(
        Requirement.PROPOSAL_ANSWERED,
        Requirement.NO_OPEN_QUESTION,
        Requirement.PUBLIC_TEXT_WRITTEN,
        Requirement.NO_OPEN_REVIEW,
        Requirement.VERDICT_STANDS,
    ),
    is_reviewed=True,
    stops=frozenset(Clock),
    starts=frozenset({Clock.K6, Clock.K9}),
    asks=(
        "resultaat",
        "reden",
        "volgende stap",
    ),
)
CLOSE_LINKED = Transition(
    EventKind.CLOSED_LINKED,
    14,
    frozenset({S.IN_HANDLING}),
    S.CLOSED,
    Permission.HANDLE_CASE,
    Party.STAFF,
    requires=(
        Requirement.VERDICT_DECIDED,
        Requirement.VERDICT_FITS,
        Requirement.NO_OPEN_QUESTION,
        Requirement.PUBLIC_TEXT_WRITTEN,
        Requirement.NO_OPEN_REVIEW,
        Requirement.MINISTRIES_AGREE,
        Requirement.RULE_ACCEPTED,
    ),
    is_reviewed=True,
    stops=frozenset(Clock),
    starts=frozenset({Clock.K6, Clock.K9}),
    asks=(
        "regelknelpunt waarvan de eigenaar de zaak heeft aanvaard",
        "reden",
        "volgende stap",
    ),
)
CONSULT = Transition(
    EventKind.CONSULTED,
    9,
    frozenset({S.IN_HANDLING, S.WITH_MINISTRY}),
    S.WITH_MINISTRY,
    Permission.HANDLE_CASE,
    Party.STAFF,
    requires=(Requirement.NO_OPEN_REVIEW,),
    starts=frozenset({Clock.K3}),
    asks=(
        "ambtenaar en ministerie",
        "vraag",
        "artikel",
    ),
)
CONSULTATION_ANSWERED = Transition(
    EventKind.CONSULTATION_ANSWERED,
    10,
    frozenset({S.WITH_MINISTRY}),
    S.IN_HANDLING,
    Permission.ANSWER_CONSULTATION,
    Party.MINISTRY,
    stops=frozenset({Clock.K3}),
    asks=(
        "of er ruimte is",
        "de redenen",
    ),
)
"""The case goes back with the last answer; until then an answer leaves it where it is. So it is with the next three."""
CONSULTATION_RETURNED = Transition(
    EventKind.CONSULTATION_RETURNED,
    10,
    frozenset({S.WITH_MINISTRY}),
    S.IN_HANDLING,
    Permission.ANSWER_CONSULTATION,
    Party.MINISTRY,
    stops=frozenset({Clock.K3}),
    asks=("wie het loket dan kan vragen",),
)
CONSULTATION_UNANSWERED = Transition(
    EventKind.CONSULTATION_UNANSWERED,
    10,
    frozenset({S.WITH_MINISTRY}),
    S.IN_HANDLING,
    Permission.HANDLE_CASE,
    Party.STAFF,
    stops=frozenset({Clock.K3}),
)
CONSULTATION_TAKEN_BACK = Transition(
    EventKind.CONSULTATION_TAKEN_BACK,
    10,
    frozenset({S.WITH_MINISTRY}),
    S.IN_HANDLING,
    Permission.HANDLE_CASE,
    Party.STAFF,
    stops=frozenset({Clock.K3}),
)
REFER = Transition(
    EventKind.REFERRED,
    6,
    frozenset({S.SUBMITTED, S.IN_TRIAGE}),
    S.REFERRED,
    Permission.ANSWER_REFERRAL,
    Party.OTHER_DOOR,
    requires=(Requirement.HANDLER_NAMED, Requirement.NO_OPEN_REVIEW),
    stops=frozenset(Clock),
    asks=(
        "instantie en contact daar",
        "reden",
        "toestemming om te delen",
        "hoe de indiener de instantie bereikt",
    ),
)
"""The triager offers the case first, which moves nothing; the other organisation takes this step within five days."""
REOPEN = Transition(
    EventKind.REOPENED,
    17,
    frozenset({S.CLOSED}),
    S.IN_HANDLING,
    Permission.HANDLE_CASE,
    Party.STAFF,
    requires=(Requirement.HANDLER_NAMED,),
    stops=frozenset(Clock),
    starts=frozenset({Clock.K4}),
    asks=("reden",),
)
ASK_SECOND_LOOK = Transition(
    EventKind.SECOND_LOOK_ASKED,
    15,
    frozenset({S.CLOSED}),
    S.RECONSIDERATION,
    Permission.ANSWER_AS_SUBMITTER,
    Party.SUBMITTER,
    stops=frozenset({Clock.K6}),
    starts=frozenset({Clock.K8}),
    asks=("wat het loket heeft gemist",),
    on_behalf=Permission.HANDLE_CASE,
)
START_SECOND_LOOK = Transition(
    EventKind.SECOND_LOOK_STARTED,
    15,
    frozenset({S.CLOSED}),
    S.RECONSIDERATION,
    Permission.LEAD_SECOND_LOOK,
    Party.STAFF,
    stops=frozenset({Clock.K6}),
    starts=frozenset({Clock.K8}),
    asks=("reden", "een andere behandelaar"),
)
KEEP_OUTCOME = Transition(
    EventKind.SECOND_LOOK_KEPT,
    16,
    frozenset({S.RECONSIDERATION}),
    S.CLOSED,
    Permission.HANDLE_CASE,
    Party.STAFF,
    requires=(Requirement.HANDLER_NAMED, Requirement.NO_OPEN_REVIEW),
    is_reviewed=True,
    second_permission=Permission.LEAD_SECOND_LOOK,
    stops=frozenset({Clock.K8}),
    asks=("een antwoord op elk punt", "reden"),
)
CHANGE_OUTCOME = Transition(
    EventKind.SECOND_LOOK_CHANGED,
    16,
    frozenset({S.RECONSIDERATION}),
    S.IN_HANDLING,
    Permission.HANDLE_CASE,
    Party.STAFF,
    requires=(Requirement.HANDLER_NAMED, Requirement.NO_OPEN_REVIEW),
    is_reviewed=True,
    second_permission=Permission.LEAD_SECOND_LOOK,
    stops=frozenset(Clock),
    starts=frozenset({Clock.K4}),
    asks=("helemaal of voor een deel", "een antwoord op elk punt", "reden"),
)
WITHDRAW = Transition(
    EventKind.WITHDRAWN,
    18,
    OPEN_STATUSES,
    S.WITHDRAWN,
    Permission.WITHDRAW_CASE,
    Party.SUBMITTER,
    stops=frozenset(Clock),
    asks=(
        "reden (mag leeg)",
        "keuze over de gegevens",
    ),
)
ARCHIVE = Transition(
    EventKind.ARCHIVED,
    19,
    ENDED_STATUSES,
    S.ARCHIVED,
    Permission.MANAGE_ARCHIVE,
    Party.SYSTEM,
    requires=(Requirement.NO_OPEN_REVIEW,),
    stops=frozenset(Clock),
    asks=(
        "een bewaartermijn die voorbij is",
        "een lijst die twee mensen hebben bevestigd",
        "bij overbrengen: een bewijs dat het archief het pakket heeft",
    ),
)
"""The calendar takes it, after two people agreed; then the words of the case are gone."""

TRANSITIONS: tuple[Transition, ...] = (
    FILE,
    TAKE_IN,
    REQUEST_SUPPLEMENT,
    RECEIVE_SUPPLEMENT,
    SUPPLEMENT_LAPSED,
    START_HANDLING,
    ANSWER_WITH_GUIDE,
    PROPOSE,
    REFUSE_PROPOSAL,
    CLOSE,
    CLOSE_LINKED,
    CONSULT,
    CONSULTATION_ANSWERED,
    CONSULTATION_RETURNED,
    CONSULTATION_UNANSWERED,
    CONSULTATION_TAKEN_BACK,
    REFER,
    REOPEN,
    ASK_SECOND_LOOK,
    START_SECOND_LOOK,
    KEEP_OUTCOME,
    CHANGE_OUTCOME,
    WITHDRAW,
    ARCHIVE,
)


def steps_from(status: CaseStatus) -> list[Transition]:
    """The steps that may start in this state, in the order of the table."""
    return [step for step in TRANSITIONS if status in step.sources]


def step_named(name: str) -> Transition | None:
    """The step with this stored name; None for an act that is no step."""
    return _BY_NAME.get(name)


_BY_NAME: dict[str, Transition] = {step.name: step for step in TRANSITIONS}
