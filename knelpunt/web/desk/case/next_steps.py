"""How the page of a case orders what can be done: one step first, three at most beside it, the rest folded by kind, and
what cannot be done yet with what it waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knelpunt.domain.cases import publication
from knelpunt.domain.cases.next_steps import coming_from, coming_later, likely_step
from knelpunt.domain.cases.workflow import MISSING, Party, Requirement
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.texts import with_article
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, Channel, EventKind, PublicationStatus
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.web.desk.case.view import (
    JUDGED,
    STEP_PAGES,
    TEXT_PAGES,
    Action,
    Actions,
    Missing,
    is_kept_out,
    missing_for,
)
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date

S = CaseStatus
MOST_BESIDE = 3
KINDS = {
    "Andere stappen": frozenset(slug for slug, _words in STEP_PAGES.values()),
    "Met de indiener": frozenset(
        {"bericht", "reactie-opschrijven", "bijlage", "termijn-stilzetten", "nazorg", "heropening-afwijzen"}
    ),
    "Regels en oordeel": frozenset({"binnen-bereik", "toets", "oordeel-wijzigen", "regelknelpunt"}),
    "Openbare tekst": frozenset({*(slug for _step, slug, _words in TEXT_PAGES), "ruimtewijzer"}),
}
"""What can be done, by kind; what stands in none is about the work on the case itself."""
THE_REST = "Werk en collega’s"
_USUAL = {S.AWAITING_SUPPLEMENT: ("reactie-opschrijven", "bericht", "notitie")}
_USUAL_ELSE = ("bericht", "notitie")
"""What fills the places beside the next step when few steps are left."""
_TEXT_NEXT = ("publiceren", "ter-inzage", "tekst-toetsen")
_REWRITE = "openbare-tekst"
_ABOUT_WORDS = (EventKind.TEXT_OBJECTED, EventKind.PUBLIC_TEXT_SAVED)
_WAITS_FOR_REVIEW = Missing(MISSING[Requirement.NO_OPEN_REVIEW], "toetsing")


@dataclass(frozen=True, slots=True)
class Ways:
    """What can be done with a case, in the order in which somebody needs it.

    Attributes:
        next: what is most likely now; None when this reader has nothing to do.
        leads_to: the step for which the next one is needed, when it is not the step itself.
        waits: why the likely step cannot be taken, when nothing can be done about that.
        beside: at most three others.
        folded: the rest, by kind.
        waiting: the steps that cannot be taken yet, each with what it waits for.
    """

    next: Action | None
    leads_to: str
    waits: tuple[str, ...]
    beside: tuple[Action, ...]
    folded: tuple[tuple[str, tuple[Action, ...]], ...]
    waiting: tuple[Action, ...]


def ways_for(
    file: CaseFile, facts: frozenset[Requirement], actor: Actor, actions: Actions, today: date, *, may_decide: bool
) -> Ways:
    """The order for this reader.

    Args:
        may_decide: whether this reader is the second person for the step that waits.
    """
    if is_kept_out(file.case, actor):
        return Ways(None, "", (), (), (), ())
    possible = _possible(file, actions, today, may_decide=may_decide)
    first, leads_to, waits = _first(file, facts, actor, possible, today, may_decide=may_decide)
    rest = [each for each in possible if first is None or each.slug != first.slug]
    usual = _USUAL.get(file.case.status, _USUAL_ELSE)
    steps = {slug for slug, _words in STEP_PAGES.values()} | {"toetsing"}
    wanted = [each for each in rest if each.slug in steps]
    wanted += [each for slug in usual for each in rest if each.slug == slug]
    beside = tuple(wanted[:MOST_BESIDE])
    folded = _folded(each for each in rest if each not in beside)
    return Ways(first, leads_to, waits, beside, folded, tuple(_waiting(file, facts, actor, today)))


def _possible(file: CaseFile, actions: Actions, today: date, *, may_decide: bool) -> list[Action]:
    """What this reader can do now; the step that waits for a second person first."""
    found = [*actions.possible, *actions.others]
    if _may_object(file, today):
        found = [each for each in found if each.slug != "publiceren"]
    if file.open_review is not None:
        found.insert(0, Action("toetsing", "Toets deze stap" if may_decide else "Bekijk wat er wacht"))
    return found


def _first(
    file: CaseFile,
    facts: frozenset[Requirement],
    actor: Actor,
    possible: list[Action],
    today: date,
    *,
    may_decide: bool,
) -> tuple[Action | None, str, tuple[str, ...]]:
    """The next step, what it leads to, and why there is none."""
    by_slug = {each.slug: each for each in possible}
    if file.open_review is not None:
        return (by_slug["toetsing"], "", ()) if may_decide else (None, "", (MISSING[Requirement.NO_OPEN_REVIEW],))
    for found in _of_ministries(file, actor, today):
        return found, "", ()
    step = likely_step(file.case.status)
    if step is not None and step.name in STEP_PAGES and actor.can(step.permission):
        slug, words = STEP_PAGES[step.name]
        missing = missing_for(step, facts, actor)
        if not missing:
            return Action(slug, words), "", ()
        settled = next((each for each in missing if each.slug is not None), None)
        if settled is not None and settled.slug is not None:
            named = by_slug.get(settled.slug)
            return Action(settled.slug, named.words if named else settled.words.strip(".")), words, ()
        return None, "", tuple(each.words for each in missing)
    if any(each.waits_for_desk for each in file.aftercare) and "heropenen" in by_slug:
        return by_slug["heropenen"], "", ()
    rests = file.public_text is not None and file.public_text.kept_back_on is not None
    if file.case.status is S.CLOSED and file.case.may_publish and not rests:
        if file.text_facts.is_objected and not _is_rewritten(file) and _REWRITE in by_slug:
            return by_slug[_REWRITE], "", ()
        ready = (by_slug[slug] for slug in _TEXT_NEXT if slug in by_slug)
        return next((each for each in ready if each.slug != "publiceren" or not _may_object(file, today)), None), "", ()
    return None, "", ()


def _is_rewritten(file: CaseFile) -> bool:
    """Whether the desk saved the public text since the submitter objected to it."""
    last = next((each.kind for each in reversed(file.events) if each.kind in _ABOUT_WORDS), None)
    return last != EventKind.TEXT_OBJECTED


def _of_ministries(file: CaseFile, actor: Actor, today: date) -> Iterable[Action]:
    """What comes first while a ministry is asked: nobody else can settle it."""
    if file.open_disagreement is not None and actor.can(Permission.DECIDE_DISAGREEMENT):
        yield Action("verschil-beslissen", "Beslis over het verschil tussen ministeries")
    if not actor.can(Permission.HANDLE_CASE):
        return
    for each in file.consultations:
        ministry = with_article(each.ministry)
        if each.is_open and each.more_time_until is not None:
            yield Action(f"raadplegingen/{each.id}/meer-tijd", f"Beslis over meer tijd voor {ministry}")
        elif each.is_open and each.due_on < today:
            yield Action(f"raadplegingen/{each.id}/geen-antwoord", f"Noteer dat {ministry} niet antwoordde")


def _folded(rest: Iterable[Action]) -> tuple[tuple[str, tuple[Action, ...]], ...]:
    kinds: dict[str, list[Action]] = {kind: [] for kind in (*KINDS, THE_REST)}
    for each in rest:
        kind = next((kind for kind, slugs in KINDS.items() if each.slug in slugs), THE_REST)
        kinds[kind].append(each)
    return tuple((kind, tuple(found)) for kind, found in kinds.items() if found)


def _waiting(file: CaseFile, facts: frozenset[Requirement], actor: Actor, today: date) -> Iterable[Action]:
    """Every step that this reader could take if nothing were missing: from here, later on, and of the public text."""
    case = file.case
    for coming in coming_from(case.status, facts):
        step = coming.step
        if step.name not in STEP_PAGES or not actor.can(step.permission):
            continue
        if case.channel is Channel.IMPORT and step.name is EventKind.SECOND_LOOK_STARTED:
            continue
        missing = missing_for(step, facts, actor)
        if missing:
            yield Action(*STEP_PAGES[step.name], missing)
    for coming in coming_later(case.status):
        if coming.from_state is not None and coming.step.party is Party.STAFF and actor.can(coming.step.permission):
            words = f"Kan zodra de staat ‘{label(coming.from_state)}’ is."
            yield Action(*STEP_PAGES[coming.step.name], (Missing(words, None),))
    if file.open_review is not None and case.status in OPEN_STATUSES and actor.can(Permission.HANDLE_CASE):
        yield Action("toets", "Koppel een bepaling", (_WAITS_FOR_REVIEW,))
        if case.status in JUDGED:
            yield Action("oordeel-wijzigen", "Wijzig het oordeel", (_WAITS_FOR_REVIEW,))
    if actor.can(Permission.PUBLISH_CASE):
        yield from _texts_waiting(file, today)


def _texts_waiting(file: CaseFile, today: date) -> Iterable[Action]:
    """The steps towards a public text that have still to come, each with the first thing in the way."""
    facts = file.text_facts
    if facts.publication is PublicationStatus.PUBLIC or not facts.may_publish:
        return
    for step, slug, words in TEXT_PAGES:
        is_undone = step in (publication.STOP_PREVIEW, publication.KEEP_BACK, publication.WITHDRAW)
        is_past = (step is publication.REVIEW and facts.is_reviewed) or (
            step is publication.START_PREVIEW and facts.publication is PublicationStatus.PREVIEW
        )
        obstacle = step.obstacle(facts)
        if step is publication.PUBLISH and obstacle is None and _may_object(file, today):
            text = file.public_text
            until = text.object_by if text is not None else None
            obstacle = publication.CAN_STILL_OBJECT
            obstacle = f"{obstacle.strip('.')} tot en met {full_date(until)}." if until else obstacle
        if obstacle is not None and not is_undone and not is_past:
            yield Action(slug, words, (Missing(obstacle, None),))


def _may_object(file: CaseFile, today: date) -> bool:
    text = file.public_text
    return text is not None and publication.may_still_object(text.agreed_on, text.object_by, today)
