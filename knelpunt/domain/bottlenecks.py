"""Regelknelpunten: a rule that stands in the way of many projects, and its own track until the rule moves.

Which way the track goes depends on what is chosen: guidance needs no parliament, a bill does. The steps, what they ask
and the drawing on the public page all read the tables in this module. Days are days in Europe/Amsterdam.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from knelpunt.domain.errors import TransitionNotAllowed
from knelpunt.domain.texts import Text


class BottleneckStatus(StrEnum):
    """Where a rule bottleneck is."""

    SIGNALLED = "gesignaleerd"
    IN_ANALYSIS = "in_analyse"
    CHOSEN = "keuze_gemaakt"
    IN_PREPARATION = "in_voorbereiding"
    CONSULTATION = "consultatie"
    IN_PARLIAMENT = "behandeling"
    IN_FORCE = "in_werking"
    EVALUATED = "geevalueerd"
    JUSTIFIED = "gerechtvaardigd"
    MERGED = "opgegaan_in"


class BottleneckChoice(StrEnum):
    """What will be done about the rule."""

    GUIDANCE = "handreiking"
    PRACTICE = "andere_uitvoeringspraktijk"
    EXPERIMENT = "experiment"
    REGULATION = "ministeriele_regeling"
    AMVB = "amvb"
    BILL = "wetsvoorstel"
    EU_ROUTE = "europese_route"
    KEPT = "regel_blijft"


class LinkStatus(StrEnum):
    """Whether the owner of a bottleneck has taken a case in."""

    PROPOSED = "voorgesteld"
    ACCEPTED = "aanvaard"
    REFUSED = "niet_aanvaard"


class BottleneckStep(StrEnum):
    """What can be done to a rule bottleneck; the stored kind of the event.

    A correction of a text that is public has no row in ``RULES``: it can be made anywhere, and carries no news.
    """

    SIGNAL = "regelknelpunt_gesignaleerd"
    ANALYSE = "regelknelpunt_in_analyse"
    CHOOSE = "regelknelpunt_keuze_gemaakt"
    KEEP_RULE = "regelknelpunt_gerechtvaardigd"
    PREPARE = "regelknelpunt_in_voorbereiding"
    CONSULT = "regelknelpunt_in_consultatie"
    SEND_TO_PARLIAMENT = "regelknelpunt_in_behandeling"
    BRING_INTO_FORCE = "regelknelpunt_in_werking"
    EVALUATE = "regelknelpunt_geevalueerd"
    MERGE = "regelknelpunt_opgegaan_in"
    REPORT = "regelknelpunt_nieuws"
    ERRATUM = "regelknelpunt_erratum"
    CORRECT = "regelknelpunt_gecorrigeerd"


class BottleneckReview(StrEnum):
    """What the event chain says of a step that waits for a second person. Stored words; never renamed."""

    ASKED = "regelknelpunt_voorgelegd"
    APPROVED = "regelknelpunt_toetser_akkoord"
    RETURNED = "regelknelpunt_teruggegeven"
    CANCELLED = "regelknelpunt_toetsing_ingetrokken"


OWNER_CHANGED = "regelknelpunt_andere_eigenaar"
"""The stored kind of the event that another owner was named: no step, for the bottleneck stays where it is."""


NAMES_FOUND = "regelknelpunt_namen_gevonden"
"""The stored kind of the event that what is public came to point at people round a case, because these changed."""


class BottleneckProposalStatus(StrEnum):
    """Where a step that was laid before a second person stands; every status but the first is its last."""

    OPEN = "voorgelegd"
    APPROVED = "akkoord"
    RETURNED = "teruggegeven"
    CANCELLED = "ingetrokken"


S, C = BottleneckStatus, BottleneckChoice

NEWS_WARNED_BEFORE = timedelta(days=14)
"""How long before the end of clock K7 the owner is reminded that followers expect news."""
DECIDED_WITHIN = 10
"""Working days within which somebody decides about a case under a rule bottleneck; our own term."""
OPEN = frozenset({S.SIGNALLED, S.IN_ANALYSIS, S.CHOSEN, S.IN_PREPARATION, S.CONSULTATION, S.IN_PARLIAMENT, S.IN_FORCE})
"""In these, news is owed (clock K7). After *in werking* the evaluation is still to come."""
SOLVED = frozenset({S.IN_FORCE, S.EVALUATED})
"""In these, the rule leaves room; an erratum leads back out of them."""
MOVING = OPEN - {S.IN_FORCE}
"""In these, the rule has not moved yet."""

_START = (S.SIGNALLED, S.IN_ANALYSIS, S.CHOSEN)
_END = (S.IN_FORCE, S.EVALUATED)
TRACKS: dict[BottleneckChoice, tuple[BottleneckStatus, ...]] = {
    C.GUIDANCE: (*_START, S.IN_PREPARATION, *_END),
    C.PRACTICE: (*_START, S.IN_PREPARATION, *_END),
    C.EXPERIMENT: (*_START, S.IN_PREPARATION, S.CONSULTATION, *_END),
    C.REGULATION: (*_START, S.IN_PREPARATION, S.CONSULTATION, *_END),
    C.AMVB: (*_START, S.IN_PREPARATION, S.CONSULTATION, S.IN_PARLIAMENT, *_END),
    C.BILL: (*_START, S.IN_PREPARATION, S.CONSULTATION, S.IN_PARLIAMENT, *_END),
    C.EU_ROUTE: (*_START, S.IN_PREPARATION, S.IN_PARLIAMENT, *_END),
    C.KEPT: (*_START[:2], S.JUSTIFIED),
}
"""The way of each choice, in order. An AMvB is laid before both Houses (voorhang) where its law asks so."""
UNDECIDED_TRACK = _START
"""What can be drawn before the choice is made."""


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step: where it starts, where it ends (None: stays), and what its form asks, in Dutch for the documents."""

    step: BottleneckStep
    sources: frozenset[BottleneckStatus]
    target: BottleneckStatus | None
    asks: tuple[str, ...]


RULES: tuple[StepRule, ...] = (
    StepRule(
        BottleneckStep.ANALYSE,
        frozenset({S.SIGNALLED}),
        S.IN_ANALYSIS,
        (Text("Ministerie dat eigenaar is"), Text("Eigenaar")),
    ),
    StepRule(BottleneckStep.CHOOSE, frozenset({S.IN_ANALYSIS}), S.CHOSEN, (Text("Keuze"), Text("Waarom"))),
    StepRule(BottleneckStep.KEEP_RULE, frozenset({S.IN_ANALYSIS}), S.JUSTIFIED, (Text("Waarom de regel zo blijft"),)),
    StepRule(BottleneckStep.PREPARE, frozenset({S.CHOSEN}), S.IN_PREPARATION, (Text("Waar het op wacht"),)),
    StepRule(
        BottleneckStep.CONSULT,
        frozenset({S.IN_PREPARATION}),
        S.CONSULTATION,
        (Text("Link naar de consultatie"), Text("Laatste dag om te reageren")),
    ),
    StepRule(
        BottleneckStep.SEND_TO_PARLIAMENT,
        frozenset({S.IN_PREPARATION, S.CONSULTATION}),
        S.IN_PARLIAMENT,
        (Text("Link naar het stuk"),),
    ),
    StepRule(
        BottleneckStep.BRING_INTO_FORCE,
        frozenset({S.IN_PREPARATION, S.CONSULTATION, S.IN_PARLIAMENT}),
        S.IN_FORCE,
        (Text("Bepaling"), Text("Dag van inwerkingtreding")),
    ),
    StepRule(BottleneckStep.EVALUATE, frozenset({S.IN_FORCE}), S.EVALUATED, (Text("Wat het opleverde"),)),
    StepRule(BottleneckStep.MERGE, MOVING, S.MERGED, (Text("Het andere regelknelpunt"),)),
    StepRule(BottleneckStep.REPORT, OPEN, None, (Text("Het nieuws"), Text("Waar het op wacht"))),
    StepRule(BottleneckStep.ERRATUM, frozenset({S.IN_FORCE, S.EVALUATED}), None, (Text("Wat er niet klopte"),)),
)
NEEDS_SECOND = frozenset({BottleneckStep.BRING_INTO_FORCE, BottleneckStep.ERRATUM})
"""Steps that two persons take: one asks, another agrees; so do they correct what such a step told."""
_BY_STEP = {rule.step: rule for rule in RULES}


def track(choice: BottleneckChoice | None) -> tuple[BottleneckStatus, ...]:
    """The stations of a bottleneck's way, as far as they can be known."""
    return TRACKS[choice] if choice is not None else UNDECIDED_TRACK


class Place(StrEnum):
    """How a station of the way stands to where a bottleneck is."""

    DONE = "done"
    NOW = "now"
    TO_DO = "todo"


def way(status: BottleneckStatus, choice: BottleneckChoice | None) -> list[tuple[BottleneckStatus, Place]]:
    """The stations of a bottleneck's way with where it is among them; one that left its way ends where it did."""
    stations = track(choice)
    if status not in stations:
        stations = (*stations[: 2 if choice is None else 3], status)
    at, is_over = stations.index(status), status not in OPEN
    return [
        (
            station,
            Place.DONE if place < at or (is_over and place == at) else Place.NOW if place == at else Place.TO_DO,
        )
        for place, station in enumerate(stations)
    ]


def how_far(status: BottleneckStatus, choice: BottleneckChoice | None) -> tuple[int, int | None] | None:
    """Which station of its way a bottleneck is at, and of how many when the choice is made; None: it left its way."""
    way = track(choice)
    if status not in way:
        return None
    return way.index(status) + 1, len(way) if choice is not None else None


def steps_from(status: BottleneckStatus, choice: BottleneckChoice | None) -> list[StepRule]:
    """The steps that may be taken now, in the order of the table; the next station is fixed by the choice."""
    return [rule for rule in RULES if status in rule.sources and _fits(rule, status, choice)]


def rule_for(step: BottleneckStep, status: BottleneckStatus, choice: BottleneckChoice | None) -> StepRule:
    """The rule of a step.

    Raises:
        TransitionNotAllowed: the step does not start here, or the chosen way does not pass it.
    """
    rule = _BY_STEP[step]
    if rule not in steps_from(status, choice):
        raise TransitionNotAllowed(Text("Deze stap past niet bij waar het regelknelpunt nu staat."))
    return rule


def _fits(rule: StepRule, status: BottleneckStatus, choice: BottleneckChoice | None) -> bool:
    if rule.target is None or rule.target in (S.JUSTIFIED, S.MERGED) or choice is None:
        return True
    way = TRACKS[choice]
    return status in way and rule.target in way and way.index(rule.target) == way.index(status) + 1


STATUS_NAMES: dict[BottleneckStatus, Text] = {
    S.SIGNALLED: Text("Gesignaleerd"),
    S.IN_ANALYSIS: Text("In analyse"),
    S.CHOSEN: Text("Keuze gemaakt"),
    S.IN_PREPARATION: Text("In voorbereiding"),
    S.CONSULTATION: Text("Open voor reacties"),
    S.IN_PARLIAMENT: Text("In behandeling bij de Kamers of de Europese Unie"),
    S.IN_FORCE: Text("In werking"),
    S.EVALUATED: Text("Geëvalueerd"),
    S.JUSTIFIED: Text("De regel blijft, met reden"),
    S.MERGED: Text("Opgegaan in een ander regelknelpunt"),
}
"""As the name of a place on the way."""
STATUS_WORDS: dict[BottleneckStatus, Text] = {
    S.SIGNALLED: Text("gesignaleerd"),
    S.IN_ANALYSIS: Text("in analyse"),
    S.CHOSEN: Text("keuze gemaakt"),
    S.IN_PREPARATION: Text("in voorbereiding"),
    S.CONSULTATION: Text("open voor reacties"),
    S.IN_PARLIAMENT: Text("in behandeling bij de Kamers of de Europese Unie"),
    S.IN_FORCE: Text("in werking"),
    S.EVALUATED: Text("geëvalueerd"),
    S.JUSTIFIED: Text("de regel blijft, met reden"),
    S.MERGED: Text("opgegaan in een ander regelknelpunt"),
}
"""Inside a sentence."""
STEP_WORDS = {
    BottleneckStep.SIGNAL: "een regelknelpunt signaleren",
    BottleneckStep.ANALYSE: "de eigenaar noemen",
    BottleneckStep.CHOOSE: "vastleggen wat er gaat gebeuren",
    BottleneckStep.PREPARE: "de voorbereiding",
    BottleneckStep.CONSULT: "de consultatie",
    BottleneckStep.SEND_TO_PARLIAMENT: "de behandeling",
    BottleneckStep.BRING_INTO_FORCE: "melden dat het in werking is",
    BottleneckStep.EVALUATE: "de evaluatie",
    BottleneckStep.MERGE: "samenvoegen met een ander regelknelpunt",
    BottleneckStep.REPORT: "nieuws",
    BottleneckStep.ERRATUM: "een erratum",
    BottleneckStep.CORRECT: "een correctie",
}
"""What waits, in the words of a mail or a heading."""
