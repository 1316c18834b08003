"""What the case page says beside the bare facts: whose turn it is, how the clocks stand, what can be done now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knelpunt.domain.calendar import deadlines
from knelpunt.domain.calendar.clocks import WINDOWS, Clock, Unit, days_left_in_words, length_in_words
from knelpunt.domain.calendar.deadlines import ClockRun
from knelpunt.domain.cases import publication
from knelpunt.domain.cases.workflow import MISSING, REFER, Party, Requirement, Transition, steps_from
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.texts import date_in_words, date_range_in_words
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, Channel, EventKind
from knelpunt.queries.cases.page_rows import CaseFacts, CaseFile, ClockRow, EventRow
from knelpunt.queries.collaboration.tasks import OVER as NO_MORE_TASKS
from knelpunt.services.submitters.reactions import CLOSED_FOR_ADDITIONS
from knelpunt.services.submitters.suspensions import ON_REQUEST
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import clock_state

S = CaseStatus

_DESK = ("Het loket is aan zet", "desk")
_SUBMITTER = ("De indiener is aan zet", "submitter")
_OTHERS = ("Een ministerie is aan zet", "submitter")
_ELSEWHERE = ("Een andere instantie is aan zet", "over")
_NOBODY = ("De zaak is klaar", "over")
_OBJECTED = ("De indiener wil de openbare tekst anders", "desk")
TURN = {
    S.DRAFT: _SUBMITTER,
    S.SUBMITTED: _DESK,
    S.IN_TRIAGE: _DESK,
    S.AWAITING_SUPPLEMENT: _SUBMITTER,
    S.IN_HANDLING: _DESK,
    S.WITH_MINISTRY: _OTHERS,
    S.PROPOSED: _SUBMITTER,
    S.RECONSIDERATION: _DESK,
    S.REFERRED: _ELSEWHERE,
    S.CLOSED: _NOBODY,
    S.WITHDRAWN: _NOBODY,
    S.ARCHIVED: _NOBODY,
}
"""Who has to do something, by the state of the case: in words, and the part of a class name for its colour."""


def turn(file: CaseFile, today: date) -> tuple[str, str]:
    """Whose turn it is now: a proposal comes back to the desk after a reaction, or when the time is over; so does
    a question to a ministry whose time is over, and a case that is over while an objection to its text waits."""
    case = file.case
    if TURN[case.status] is _NOBODY and file.text_facts.is_objected:
        return _OBJECTED
    is_closing = case.due_clock is Clock.CLOSING
    if case.status is S.PROPOSED and (is_closing or case.due_on is None or case.due_on < today):
        return _DESK
    if case.status is S.WITH_MINISTRY and case.due_on is not None and case.due_on < today:
        return _DESK
    return TURN[case.status]


STEP_PAGES = {
    EventKind.TAKEN_IN: ("in-triage", "Neem in beoordeling"),
    EventKind.HANDLING_STARTED: ("behandeling-starten", "Geef een oordeel en start de behandeling"),
    EventKind.ANSWERED_WITH_GUIDE: ("beantwoorden-met-ruimtewijzer", "Beantwoord met een ruimtewijzer"),
    EventKind.PROPOSED: ("voorstel", "Doe een voorstel"),
    EventKind.CLOSED: ("afsluiten", "Sluit de zaak af"),
    EventKind.CLOSED_LINKED: ("afsluiten-met-regelknelpunt", "Sluit af bij een regelknelpunt"),
    EventKind.CONSULTED: ("ministerie-vragen", "Vraag een ministerie"),
    EventKind.SECOND_LOOK_KEPT: ("heroverweging-blijft", "Laat de uitkomst zoals zij is"),
    EventKind.SECOND_LOOK_CHANGED: ("heroverweging-anders", "Verander de uitkomst"),
    EventKind.REOPENED: ("heropenen", "Open de zaak opnieuw"),
    EventKind.SECOND_LOOK_STARTED: ("heroverweging-starten", "Laat een ander de zaak opnieuw bekijken"),
    EventKind.SUPPLEMENT_REQUESTED: ("aanvulling", "Vraag een aanvulling"),
}
"""The page of each step that staff take, and what its button says; what takes a case further comes first."""
_ORDER = list(STEP_PAGES)

_SOLVED_ON = {
    Requirement.HANDLER_NAMED: ("toewijzen", Permission.ASSIGN_CASE),
    Requirement.IN_SCOPE_ANSWERED: ("binnen-bereik", Permission.TRIAGE_CASE),
    Requirement.VERDICT_FITS: ("toets", Permission.HANDLE_CASE),
    Requirement.VERDICT_DECIDED: ("oordeel-wijzigen", Permission.HANDLE_CASE),
    Requirement.PUBLIC_TEXT_WRITTEN: ("openbare-tekst", Permission.PUBLISH_CASE),
    Requirement.NO_OPEN_REVIEW: ("toetsing", Permission.HANDLE_CASE),
    Requirement.RULE_ACCEPTED: ("regelknelpunt", Permission.HANDLE_CASE),
    Requirement.MINISTRIES_AGREE: ("verschil-beslissen", Permission.DECIDE_DISAGREEMENT),
    Requirement.NOT_OFFERED: ("andere-instantie/intrekken", Permission.TRIAGE_CASE),
}
"""Where what is missing can be settled, and who may do that."""
_FILLED_IN_ON_THE_PAGE = {EventKind.TAKEN_IN: frozenset({Requirement.HANDLER_NAMED, Requirement.IN_SCOPE_ANSWERED})}
SECOND_HANDLER_MISSING = "Het hoofd van het loket wijst eerst aan wie de zaak opnieuw bekijkt."
_JUDGING = ("behandeling-starten", "oordeel-wijzigen", "in-triage")
"""Where a verdict is given, by the state of the case; a new case is taken in first."""
JUDGED = frozenset({S.IN_HANDLING, S.WITH_MINISTRY, S.PROPOSED})
_GENERAL = frozenset({S.CLOSED, S.ARCHIVED})
"""Of these a ruimtewijzer can be made."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a step still needs, in words, and the page where that is settled (None: it only takes waiting)."""

    words: str
    slug: str | None


@dataclass(frozen=True, slots=True)
class Action:
    """Something that this actor can do now, or could do when what is missing is there."""

    slug: str
    words: str
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Actions:
    """The steps of the workflow first, then the other things to do."""

    steps: tuple[Action, ...]
    others: tuple[Action, ...]

    @property
    def possible(self) -> tuple[Action, ...]:
        return tuple(step for step in self.steps if not step.missing)

    @property
    def waiting(self) -> tuple[Action, ...]:
        return tuple(step for step in self.steps if step.missing)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One run of one clock in words."""

    clock: Clock
    started_on: date
    term: str
    due_on: date | None
    stopped_on: date | None
    state: str
    state_words: str
    suspensions: tuple[str, ...]


def missing_for(step: Transition, facts: frozenset[Requirement], actor: Actor) -> tuple[Missing, ...]:
    """What a case still lacks for a step, apart from what the step's own page asks; with the page where this actor can
    settle it."""
    settled = facts | _FILLED_IN_ON_THE_PAGE.get(step.name, frozenset())
    return tuple(_missing(step, each, actor) for each in step.lacks(settled))


def _missing(step: Transition, lacking: Requirement, actor: Actor) -> Missing:
    words, (slug, permission) = MISSING[lacking], _SOLVED_ON.get(lacking, ("", Permission.READ_CASES))
    if step.sources == {S.RECONSIDERATION} and lacking is Requirement.HANDLER_NAMED:
        words, slug, permission = SECOND_HANDLER_MISSING, "tweede-behandelaar", Permission.LEAD_SECOND_LOOK
    return Missing(words, slug if slug and actor.can(permission) else None)


def actions_for(file: CaseFile, facts: frozenset[Requirement], actor: Actor) -> Actions:
    """What this actor may do with this case as it stands."""
    case = file.case
    if is_kept_out(case, actor) or case.archived_on is not None:
        return Actions((), ())
    open_to_actor = [
        step
        for step in steps_from(case.status)
        if step.party is Party.STAFF and step.name in STEP_PAGES and actor.can(step.permission)
        if case.channel is not Channel.IMPORT or step.name is not EventKind.SECOND_LOOK_STARTED
    ]
    steps = tuple(
        Action(*STEP_PAGES[step.name], missing_for(step, facts, actor))
        for step in sorted(open_to_actor, key=lambda step: _ORDER.index(step.name))
    )
    return Actions(steps, tuple(_others(file, actor)))


def is_kept_out(case: CaseFacts, actor: Actor) -> bool:
    """Whether this actor handled the case that somebody else looks at again."""
    return case.first_handler_id is not None and case.first_handler_id == actor.account_id


def way_to_verdict(actions: Actions) -> Action | None:
    """The step that gives a verdict, or that must come before it; None when this actor can take neither now."""
    by_slug = {action.slug: action for action in (*actions.steps, *actions.others)}
    return next((by_slug[slug] for slug in _JUDGING if slug in by_slug), None)


def confirmed_answers(file: CaseFile) -> list[EventRow]:
    """The answers that are no law, such as a rule of the municipality, that somebody confirmed and nobody took back."""
    taken_back = {each.data.get("suggestie") for each in file.events if each.kind == EventKind.SUGGESTION_RESTORED}
    return [
        each
        for each in file.events
        if each.kind == EventKind.SUGGESTION_CONFIRMED
        and each.data.get("bepaling") is None
        and each.data.get("suggestie") not in taken_back
    ]


def _others(file: CaseFile, actor: Actor) -> Iterable[Action]:
    case = file.case
    is_open = case.status in OPEN_STATUSES
    can = actor.can
    is_free = file.open_review is None
    if case.status is S.RECONSIDERATION and can(Permission.LEAD_SECOND_LOOK):
        named = "Wijs een andere tweede behandelaar aan" if case.handler_id else "Wijs een tweede behandelaar aan"
        yield Action("tweede-behandelaar", named)
    if is_open and case.status is not S.RECONSIDERATION and can(Permission.ASSIGN_CASE):
        yield Action("toewijzen", "Wijs een andere behandelaar aan" if case.handler_id else "Wijs een behandelaar aan")
    if is_open and can(Permission.TRIAGE_CASE):
        yield Action("binnen-bereik", "Leg vast of de melding hier hoort")
    if can(Permission.TRIAGE_CASE) and file.open_referral is not None:
        yield Action("andere-instantie/intrekken", "Houd de zaak zelf: trek het aanbod in")
    elif can(Permission.TRIAGE_CASE) and case.status in REFER.sources:
        yield Action("andere-instantie", "Draag de zaak over aan een andere instantie")
    if is_open and is_free and (can(Permission.TRIAGE_CASE) or can(Permission.HANDLE_CASE)):
        yield Action("toets", "Koppel een bepaling")
    if case.status in JUDGED and is_free and can(Permission.HANDLE_CASE):
        yield Action("oordeel-wijzigen", "Wijzig het oordeel")
    if can(Permission.PUBLISH_CASE):
        yield from _publishing(file)
    if can(Permission.HANDLE_CASE):
        if is_open or case.status is S.CLOSED:
            yield Action("regelknelpunt", "Zet de zaak bij een regelknelpunt")
        if may_stand_still(file):
            yield Action("termijn-stilzetten", "Zet de termijn stil")
        if any(each.waits_for_desk for each in file.aftercare) and case.status is S.CLOSED:
            yield Action("heropening-afwijzen", "Laat de zaak gesloten, met de reden")
        if any(each.settled_on is None for each in file.aftercare):
            yield Action("nazorg", "Schrijf het antwoord op de nazorgvraag op")
        yield Action("samenhang", "Koppel of splits de zaak")
        if is_open:
            yield Action("prioriteit", "Wijzig de prioriteit")
        yield Action("labels", "Kies de labels")
        if file.retention is not None:
            yield Action("bewaarcategorie", "Kies een andere bewaarcategorie")
        yield Action("bericht", "Stuur de indiener een bericht")
        if (file.has_contact or case.organisation_id is not None) and case.status not in CLOSED_FOR_ADDITIONS:
            yield Action("reactie-opschrijven", "Schrijf een reactie van de indiener op")
        yield Action("bijlage", "Voeg een bijlage toe")
    if can(Permission.MANAGE_ARCHIVE) and file.retention is not None:
        is_held = file.retention.hold_until is not None
        yield Action("bewaren", "Bewaar de zaak tot een andere dag" if is_held else "Bewaar de zaak langer")
        if is_held:
            yield Action("bewaren/opheffen", "Bewaar de zaak niet langer")
    if can(Permission.EDIT_GUIDE) and case.status in _GENERAL and file.public_text is not None:
        yield Action("ruimtewijzer", "Maak een ruimtewijzer")
    if can(Permission.WRITE_NOTE):
        yield Action("notitie", "Schrijf een interne notitie")
        if case.status not in NO_MORE_TASKS:
            yield Action("taken/nieuw", "Zet een taak klaar")
            yield Action("taken/checklist", "Zet een checklist klaar")


def may_stand_still(file: CaseFile) -> bool:
    """Whether a term runs here that may stand still on request."""
    clock = ON_REQUEST.get(file.case.status)
    return any(row.clock is clock and row.stopped_on is None for row in file.clocks)


TEXT_PAGES = (
    (publication.WRITE, "openbare-tekst", "Schrijf de openbare tekst"),
    (publication.REVIEW, "tekst-toetsen", "Laat de openbare tekst toetsen"),
    (publication.START_PREVIEW, "ter-inzage", "Leg de openbare tekst ter inzage"),
    (publication.PUBLISH, "publiceren", "Maak de tekst openbaar"),
    (publication.STOP_PREVIEW, "inzage-stoppen", "Stop de inzage van de openbare tekst"),
    (publication.KEEP_BACK, "niet-openbaar", "Maak de tekst niet openbaar"),
    (publication.WITHDRAW, "publicatie-intrekken", "Trek de publicatie in"),
)
"""The page of each step of the public text, and what its link says."""


def _publishing(file: CaseFile) -> Iterable[Action]:
    facts = file.text_facts
    for step, slug, button in TEXT_PAGES:
        if step.obstacle(facts) is None:
            is_change = step is publication.WRITE and facts.is_written
            yield Action(slug, "Pas de openbare tekst aan" if is_change else button)


def shown_clocks(clocks: Iterable[ClockRow]) -> list[ClockRow]:
    """The runs that a page shows, those that still run first; the receipt (K0) is always given at once."""
    return sorted((row for row in clocks if row.clock is not Clock.K0), key=lambda row: row.stopped_on is not None)


def clock_line(row: ClockRow, today: date) -> ClockLine:
    """How one run of one clock stands."""
    run = row.run
    suspended = deadlines.is_suspended(run, today)
    late = deadlines.is_late(run, today)
    if row.clock in WINDOWS and late:
        state, words = "none", "voorbij"
    elif row.stopped_on is not None and row.clock is Clock.K9:
        state, words = "none", "klaar"  # it was asked, or the case is open again: nobody had a term to keep
    elif row.fell_away:
        state, words = "none", "vervallen"
    elif row.stopped_on is not None:
        state, words = ("late", "te laat") if late else ("none", "op tijd")
    elif suspended:
        state, words = "paused", "staat stil"
    else:
        left = deadlines.days_left(run, today)
        state, words = clock_state(left), days_left_in_words(left, row.unit)
    return ClockLine(
        clock=row.clock,
        started_on=row.started_on,
        term=length_in_words(row.length, row.unit) if row.length else "meteen",
        due_on=row.due_on,
        stopped_on=row.stopped_on,
        state=state,
        state_words=words,
        suspensions=tuple(
            f"Staat stil vanaf {date_in_words(each.from_day)}"
            if each.until_day is None
            else f"Stond stil van {date_range_in_words(each.from_day, each.until_day)}"
            for each in deadlines.effective_suspensions(run)
        ),
    )


def running_term(file: CaseFile, today: date) -> tuple[str, str]:
    """The clock that ends first: the state for its colour, and what it is and until when, in one sentence."""
    case = file.case
    if case.status not in OPEN_STATUSES:
        asking = next((each.due_on for each in file.clocks if each.clock is Clock.K6 and not each.stopped_on), None)
        if asking is None or asking < today:
            return "none", "Er loopt geen termijn."
        return "none", f"De indiener kan tot en met {date_in_words(asking)} om een heroverweging vragen."
    if case.due_on is None:
        if case.suspended_until is not None:
            return "paused", f"De termijn staat stil tot uiterlijk {date_in_words(case.suspended_until)}."
        return "none", "Er loopt geen termijn."
    row = next((each for each in file.clocks if each.clock is case.due_clock and each.stopped_on is None), None)
    if row is None:
        return clock_state((case.due_on - today).days), f"Uiterlijk {date_in_words(case.due_on)}."
    left = deadlines.days_left(row.run, today)
    words = days_left_in_words(left, row.unit)
    return clock_state(left), f"{label(row.clock)}: {words}, uiterlijk {date_in_words(case.due_on)}."


def time_taken(case: CaseFacts, clocks: Iterable[ClockRow], today: date) -> tuple[int, int]:
    """Gross and net calendar days since filing, until the case was closed or today; net leaves out standing still."""
    suspensions = [each for row in clocks for each in row.suspensions]
    stopped_on = max(case.closed_on, case.filed_on) if case.closed_on else None
    whole = ClockRun.of(Clock.K4, case.filed_on, 1, Unit.CALENDAR_DAYS, suspensions=suspensions, stopped_on=stopped_on)
    return deadlines.gross_days(whole, today), deadlines.net_days(whole, today)
