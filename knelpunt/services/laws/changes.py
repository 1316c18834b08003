"""When the law changes: finding everything it may touch, and telling the people whose project it held up."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session

from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.guides.track import ANSWERING, ASK_RECHECK
from knelpunt.domain.laws.changes import FoundChange, LawChangeKind, TouchStatus
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, EventKind, Result
from knelpunt.models import (
    Assessment,
    Bottleneck,
    BottleneckProvision,
    Case,
    Guide,
    GuideVersion,
    Law,
    LawChange,
    LawChangeTouch,
    Provision,
)
from knelpunt.queries.bottlenecks.families import taken_in
from knelpunt.queries.core import cases
from knelpunt.queries.laws import changes as queries
from knelpunt.queries.laws.catalogue import provision_on
from knelpunt.services.cases import resolution
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.guides import editing as guides
from knelpunt.services.laws import mail_texts as texts
from knelpunt.services.mail import messages

UNRESOLVED = frozenset({Result.LINKED_TO_BOTTLENECK, Result.NOT_SOLVABLE})
"""Results of closed cases that a change of the law may still help."""
MOST_AT_ONCE = 200
DECIDED_ALREADY = "Hierover is intussen al besloten."
_RULE_CHANGED = "De regel die dit project tegenhield, is veranderd."
_REASONS = {LawChangeKind.BOTTLENECK_SOLVED: "Er is nieuwe ruimte voor dit project."}
_SUMMARY_MAX = 2000
_SOURCE_MAX = 500
_WEB = ("https://", "http://")


def note_found(session: Session, changes: Iterable[FoundChange], today: date) -> int:
    """Write down what a load of the catalogue changed, with everything that each change may touch; how many."""
    number = 0
    for found in changes:
        change = LawChange(
            kind=found.kind,
            law_id=found.law_id,
            provision_id=found.provision_id,
            on_day=found.on_day,
            summary=found.summary,
            noticed_on=today,
        )
        _add(session, change)
        number += 1
    return number


def note_by_hand(
    context: Context,
    *,
    law_id: int,
    provision_id: int | None,
    kind: LawChangeKind,
    on_day: date | None,
    summary: str,
    source: str,
) -> LawChange:
    """Write down a change that the catalogue does not know yet, such as a bill that was adopted.

    Raises:
        DomainError: on the field ``law_id``, ``provision_id``, ``summary`` or ``source`` that is wrong.
    """
    context.actor.require(Permission.TRIAGE_CASE)
    if context.session.get(Law, law_id) is None:
        raise DomainError("Kies een wet uit de lijst.", field="law_id")
    if provision_id is not None:
        provision = context.session.get(Provision, provision_id)
        if provision is None or provision.law_id != law_id:
            raise DomainError("Kies een bepaling van deze wet.", field="provision_id")
    if not summary.strip() or len(summary) > _SUMMARY_MAX:
        raise DomainError(f"Schrijf op wat er verandert, in ten hoogste {_SUMMARY_MAX} tekens.", field="summary")
    url = source.strip()
    if not url.startswith(_WEB) or len(url) > _SOURCE_MAX or not url.isprintable() or " " in url:
        raise DomainError("Vul een adres in dat met https:// begint.", field="source")
    change = LawChange(
        kind=kind,
        law_id=law_id,
        provision_id=provision_id,
        on_day=on_day,
        summary=summary.strip(),
        source_url=url,
        noticed_on=context.today,
        noticed_by_id=context.actor.account_id,
    )
    _add(context.session, change)
    events.record(context, EventKind.LAW_CHANGE_NOTED, subject=f"law_change:{change.id}", data={"soort": kind.value})
    return change


def note_solved(context: Context, bottleneck: Bottleneck, summary: str, source_url: str | None) -> LawChange:
    """A rule bottleneck is solved: every case that its owner took in is up for a second look, closed ones too."""
    provision = context.session.get_one(Provision, bottleneck.solving_provision_id)
    change = LawChange(
        kind=LawChangeKind.BOTTLENECK_SOLVED,
        law_id=provision.law_id,
        provision_id=provision.id,
        bottleneck_id=bottleneck.id,
        on_day=bottleneck.in_force_on,
        summary=summary,
        source_url=source_url,
        noticed_on=context.today,
        noticed_by_id=context.actor.account_id,
    )
    _add(context.session, change)
    return change


def tell_anew(session: Session, bottleneck_id: int, before: str, after: str) -> None:
    """The news that a rule is in force was corrected: the change of the law that came of it says the same."""
    changes = update(LawChange).where(LawChange.bottleneck_id == bottleneck_id, LawChange.summary == before.strip())
    session.execute(changes.values(summary=after))


def solved_by(session: Session, bottleneck_id: int) -> list[int]:
    """The changes that came of a rule bottleneck being in force, and were not taken back."""
    found = select(LawChange.id).where(LawChange.bottleneck_id == bottleneck_id, LawChange.taken_back_on.is_(None))
    return list(session.scalars(found.order_by(LawChange.id)))


def take_back_solved(context: Context, bottleneck_id: int) -> list[int]:
    """A rule bottleneck was not solved after all: what nobody decided about lapses, and nobody can decide any more.

    Gives the changes that are taken back.
    """
    changes = context.session.scalars(
        select(LawChange)
        .where(LawChange.bottleneck_id == bottleneck_id, LawChange.taken_back_on.is_(None))
        .order_by(LawChange.id)
        .with_for_update()
    ).all()
    for change in changes:
        change.taken_back_on = context.today
    ids = [change.id for change in changes]
    context.session.execute(
        update(LawChangeTouch)
        .where(LawChangeTouch.change_id.in_(ids), LawChangeTouch.status == TouchStatus.OPEN)
        .values(status=TouchStatus.LAPSED, decided_by_id=context.actor.account_id, decided_at=context.now)
    )
    return ids


def count_up_for_recheck(session: Session, bottleneck_id: int, provision_id: int) -> int:
    """How many cases ``note_solved`` would put up for a second look, when this provision gives the room."""
    wanted = _is_touched(Assessment.provision_id == provision_id, bottleneck_id)
    return session.scalar(select(func.count()).select_from(Case).where(wanted)) or 0


def confirm(context: Context, change_id: int, touch_ids: Collection[int], *, meaning: str, reopen: bool) -> int:
    """Say that the change touches these. Submitters are told, closed cases open again if asked, guides get a recheck.

    Args:
        meaning: what the change means for the submitters, in plain words; part of the mail, and needed with a case.
        reopen: also take step 17 for the closed ones among the cases.
    Returns:
        How many were still to be decided, and now are.
    Raises:
        DomainError: nothing or too much was chosen, or the meaning is missing.
    """
    context.actor.require(Permission.TRIAGE_CASE)
    change = _change(context.session, change_id)
    touched = _open_touches(context, change, touch_ids)
    if not meaning.strip() and any(touch.case_id is not None for touch in touched):
        raise DomainError("Schrijf op wat de wijziging betekent.", field="meaning")
    _hold_all(context, touched)
    for touch in touched:
        _decide(context, touch, TouchStatus.CONFIRMED)
        if touch.case_id is not None:
            _tell(
                context,
                cases.get_by_id_for_update(context.session, touch.case_id),
                change,
                meaning.strip(),
                reopen=reopen,
            )
        elif touch.guide_id is not None:
            _ask_recheck(context, context.session.get_one(Guide, touch.guide_id), change)
    return len(touched)


def confirm_waiting(context: Context, change_id: int, last_id: int, *, meaning: str, reopen: bool) -> int:
    """Say of everything that waits that the change touches it, in one act of at most ``MOST_AT_ONCE``.

    Args:
        last_id: the last touch that was counted on the page, so that a second click takes no next batch along.
        meaning, reopen: as for ``confirm``.
    Returns:
        How many were still to be decided, and now are.
    Raises:
        DomainError: all of it was decided already, or the meaning is missing.
    """
    return confirm(context, change_id, _waiting(context, change_id, last_id), meaning=meaning, reopen=reopen)


def refuse_waiting(context: Context, change_id: int, last_id: int) -> int:
    """Say of everything that waits that the change does not touch it: as ``confirm_waiting``, and nobody is told."""
    return refuse(context, change_id, _waiting(context, change_id, last_id))


def refuse(context: Context, change_id: int, touch_ids: Collection[int]) -> int:
    """Say that the change does not touch these; nobody is told. How many were still to be decided, and now are."""
    context.actor.require(Permission.TRIAGE_CASE)
    change = _change(context.session, change_id)
    touched = _open_touches(context, change, touch_ids)
    for touch in touched:
        _decide(context, touch, TouchStatus.REFUSED)
    return len(touched)


def _add(session: Session, change: LawChange) -> None:
    session.add(change)
    session.flush()
    for statement in (_cases_touched(change), _guides_touched(session, change), _bottlenecks_touched(change)):
        session.execute(
            insert(LawChangeTouch).from_select(
                ["change_id", "case_id", "guide_id", "bottleneck_id", "status"], statement
            )
        )


def _cases_touched(change: LawChange) -> Select[Any]:
    columns: tuple[Any, ...] = (literal(change.id), Case.id, null(), null(), literal(TouchStatus.OPEN.value))
    return select(*columns).where(_is_touched(_about(change), change.bottleneck_id)).order_by(Case.id)


def _is_touched(is_about: ColumnElement[bool], bottleneck_id: int | None) -> ColumnElement[bool]:
    """Open cases and closed ones without a way out: by the rule they were weighed against, or by their bottleneck."""
    weighed = select(Assessment.case_id).where(Assessment.withdrawn_at.is_(None), is_about)
    by_rule = or_(Case.status.in_(sorted(OPEN_STATUSES)), Case.result.in_(sorted(UNRESOLVED))) & Case.id.in_(weighed)
    return by_rule if bottleneck_id is None else or_(by_rule, Case.id.in_(taken_in(bottleneck_id)))


def _about(change: LawChange) -> ColumnElement[bool]:
    if change.provision_id is not None:
        return Assessment.provision_id == change.provision_id
    return Assessment.law_id == change.law_id


def _provisions(change: LawChange) -> ColumnElement[bool]:
    if change.provision_id is not None:
        return Provision.id == change.provision_id
    return Provision.law_id == change.law_id


def _guides_touched(session: Session, change: LawChange) -> Select[Any]:
    """Guides that are offered as an answer and cite the provision or, when the whole law changes, anything of it."""
    if change.provision_id is not None:
        cited = {"provision": session.get_one(Provision, change.provision_id).key}
    else:
        cited = {"law": session.get_one(Law, change.law_id).key}
    columns: tuple[Any, ...] = (literal(change.id), null(), Guide.id, null(), literal(TouchStatus.OPEN.value))
    return (
        select(*columns)
        .join(GuideVersion, (GuideVersion.guide_id == Guide.id) & (GuideVersion.number == Guide.published_number))
        .where(Guide.status.in_(sorted(ANSWERING)), GuideVersion.rules.contains([cited]))
        .order_by(Guide.id)
    )


def _bottlenecks_touched(change: LawChange) -> Select[Any]:
    found = (
        select(BottleneckProvision.bottleneck_id)
        .join(Provision, Provision.id == BottleneckProvision.provision_id)
        .where(_provisions(change), BottleneckProvision.bottleneck_id != (change.bottleneck_id or 0))
        .distinct()
        .subquery()
    )
    return select(literal(change.id), null(), null(), found.c.bottleneck_id, literal(TouchStatus.OPEN.value))


def _change(session: Session, change_id: int) -> LawChange:
    change = session.get(LawChange, change_id)
    if change is None:
        raise NotFound()
    return change


def _waiting(context: Context, change_id: int, last_id: int) -> list[int]:
    context.actor.require(Permission.TRIAGE_CASE)
    found = queries.waiting_up_to(context.session, change_id, last_id, MOST_AT_ONCE)
    if not found:
        raise DomainError(DECIDED_ALREADY)
    return found


def _open_touches(context: Context, change: LawChange, touch_ids: Collection[int]) -> list[LawChangeTouch]:
    if not touch_ids:
        raise DomainError("Kies ten minste een regel van de lijst.", field="chosen")
    if len(touch_ids) > MOST_AT_ONCE:
        raise DomainError(f"Kies er ten hoogste {MOST_AT_ONCE} tegelijk.", field="chosen")
    return list(
        context.session.scalars(
            select(LawChangeTouch)
            .where(
                LawChangeTouch.change_id == change.id,
                LawChangeTouch.id.in_(sorted(touch_ids)),
                LawChangeTouch.status == TouchStatus.OPEN,
            )
            .order_by(LawChangeTouch.id)
            .with_for_update()
        )
    )


def _hold_all(context: Context, touched: Collection[LawChangeTouch]) -> None:
    """Lock the cases and then the guides, each in one order, before the first event: nobody may wait for a case or a
    guide with the chain of events in hand."""
    case_ids = [touch.case_id for touch in touched if touch.case_id is not None]
    guide_ids = [touch.guide_id for touch in touched if touch.guide_id is not None]
    context.session.execute(select(Case.id).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update())
    context.session.execute(select(Guide.id).where(Guide.id.in_(guide_ids)).order_by(Guide.id).with_for_update())


def _decide(context: Context, touch: LawChangeTouch, status: TouchStatus) -> None:
    touch.status = status
    touch.decided_by_id, touch.decided_at = context.actor.account_id, context.now


def _ask_recheck(context: Context, guide: Guide, change: LawChange) -> None:
    """Put a public guide up for a recheck; one that waits for it already, or has ended, stays as it is."""
    if guide.status not in ASK_RECHECK.sources:
        return
    law = context.session.get_one(Law, change.law_id)
    reason = f"{guides.RULE_CHANGED} Het gaat om: {law.citation_title}. {change.summary}"
    guides.ask_recheck(context, guide.slug, None, reason)


def _tell(context: Context, case: Case, change: LawChange, meaning: str, *, reopen: bool) -> None:
    """The mail that the rule changed, and the case open again where that was asked and can be done. Nobody is told of
    a case that is in the archive."""
    if case.archived_on is not None:
        return
    events.record(context, EventKind.RULE_CHANGED, case=case, data={"wetswijziging": change.id})
    opens = reopen and case.status is CaseStatus.CLOSED and case.handler_id is not None
    law, solved = _what_changed(context, change)
    messages.notify_submitter(
        context,
        case,
        texts.rule_changed(law=law, solved=solved, summary=change.summary, on_day=change.on_day, meaning=meaning),
        once_key=f"wetswijziging:{change.id}:{case.id}",
    )
    case.updated_at = context.now
    if opens:
        context.session.flush()  # so that the case has the version that the next step reads
        resolution.reopen(context, case.reference, case.version, _REASONS.get(change.kind, _RULE_CHANGED))


def _what_changed(context: Context, change: LawChange) -> tuple[str, str]:
    """The law that changed and nothing; or law and article that give room, and the title of the solved bottleneck.

    A handreiking or another practice gives room while no rule changes.
    """
    if change.bottleneck_id is None or change.provision_id is None:
        return context.session.get_one(Law, change.law_id).citation_title, ""
    solved = context.session.get_one(Bottleneck, change.bottleneck_id)
    return provision_on(context.session, change.provision_id, context.today).citation, solved.title
