"""The numbers of the dashboards: the desk as a whole, and one organisation's own cases, in few statements."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from functools import cache
from statistics import median
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, null, or_, select, true, union_all
from sqlalchemy import case as when
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import quarter_of, start_of_nl_day
from knelpunt.domain.calendar.working_days import add_working_days, day_longer_ago
from knelpunt.domain.figures.ledger import GROSS, FactKind
from knelpunt.domain.figures.small_numbers import LIMIT
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.post.letters import HEADS_TOLD_AFTER
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, MessageKind, Result, ReviewStatus, Theme, Verdict
from knelpunt.models import Aftercare, Case, FigureFact, Message, PublishedCase, Referral, Review
from knelpunt.queries.cases import letters
from knelpunt.queries.cases.handling import objection_waits
from knelpunt.queries.cases.list_statements import IS_ASKED_TO_SHARE
from knelpunt.queries.cases.lists import NEARLY_LATE_WORKING_DAYS, silent_since
from knelpunt.queries.cases.second_person import may_be_second
from knelpunt.queries.core.cases import visible_to
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures.series import typical_days
from knelpunt.queries.guides.review import GuideToReview, to_review
from knelpunt.queries.laws.changes import waiting_statement
from knelpunt.queries.post.incoming import count_statements
from knelpunt.queries.worklist.load import ownerless_statement

_fact = FigureFact.__table__.c
QUARTERS_IN_YEAR = 4
Key = TypeVar("Key", bound=Hashable)
SHOWN = 10
"""How many cases a dashboard names; the work list behind it has them all."""

_case = Case.__table__.c
_message = Message.__table__.c
_review = Review.__table__.c
_referral = Referral.__table__.c
_public = PublishedCase.__table__.c
_aftercare = Aftercare.__table__.c
_IS_OPEN = _case.status.in_(sorted(OPEN_STATUSES))
_IS_AGAIN = _case.status == CaseStatus.RECONSIDERATION


OWN_RULES = frozenset({Verdict.OWN_AUTHORITY, Verdict.LOCAL_RULE})
"""Verdicts by which the government that filed the case, or another local one, holds the key itself."""
SOLVED = frozenset({Result.WITHIN_RULES, Result.WITH_ONTHEFFING, Result.VIA_EXPERIMENT, Result.OTHER_PRACTICE})


class Age(IntEnum):
    """How long ago an open case was filed, in calendar days: the most days of the group; the last has no end."""

    WEEK = 7
    MONTH = 30
    QUARTER = 91
    YEAR = 365
    LONGER = 0

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day of filing that belong to this group; None: no limit."""
        ages = list(Age)
        place = ages.index(self)
        first = today - timedelta(days=self.value) if self.value else None
        last = today - timedelta(days=ages[place - 1].value + 1) if place else None
        return first, last


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """How many open cases share a state, an age and a handler, and how many of those are late."""

    status: CaseStatus
    age: Age
    handler_id: int | None
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class SilentCase:
    """An open case in which nothing has happened for a while; ``last_on`` is the day of its last event."""

    reference: str
    title: str
    status: CaseStatus
    handler_id: int | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class DeskOverview:
    """All that the head of the desk looks at. ``silent`` are the longest silent ones; ``silent_count`` counts all."""

    groups: tuple[OpenGroup, ...]
    silent: tuple[SilentCase, ...]
    silent_count: int

    @property
    def open(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def late(self) -> int:
        return sum(group.late for group in self.groups)

    def open_by(self, key: Callable[[OpenGroup], Key]) -> Counter[Key]:
        """Open cases by state, age or handler."""
        return _summed((key(group), group.count) for group in self.groups)

    def late_by(self, key: Callable[[OpenGroup], Key]) -> Counter[Key]:
        """The late ones among them."""
        return _summed((key(group), group.late) for group in self.groups)


def _summed(pairs: Iterable[tuple[Key, int]]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for key, count in pairs:
        found[key] += count
    return found


def desk_overview(session: Session, actor: Actor, today: date) -> DeskOverview:
    """How the desk stands: what is open by state, age and handler, and what lies silent. Two statements."""
    age = when(
        *((_case.filed_on >= today - timedelta(days=each.value), each.value) for each in Age if each.value),
        else_=Age.LONGER.value,
    ).label("age")
    groups = session.execute(
        select(
            _case.status,
            age,
            _case.handler_id,
            func.count(),
            func.count().filter(_case.due_on < today),
        )
        .where(visible_to(actor), _IS_OPEN)
        .group_by(_case.status, age, _case.handler_id)
    ).all()
    lies_silent = (visible_to(actor), _IS_OPEN, _case.last_event_on < silent_since(today))
    count = select(func.count()).where(*lies_silent).scalar_subquery()
    silent = session.execute(
        select(_case.reference, _case.title, _case.status, _case.handler_id, _case.last_event_on, count)
        .where(*lies_silent)
        .order_by(_case.last_event_on, _case.id)
        .limit(SHOWN)
    ).all()
    return DeskOverview(
        tuple(OpenGroup(row[0], Age(row[1]), *row[2:]) for row in groups),
        tuple(SilentCase(*row[:-1]) for row in silent),
        silent[0][-1] if silent else 0,
    )


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """How many own cases share a state, a running term and whether their submitter is asked if they may be shared;
    ``is_joined``: whether another organisation filed them, and this one files along."""

    status: CaseStatus
    due_clock: Clock | None
    count: int
    is_joined: bool = False
    is_asked_to_share: bool = False


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One own case on the overview of an organisation."""

    id: int
    reference: str
    title: str
    status: CaseStatus
    verdict: Verdict
    result: Result | None
    theme: Theme
    main_law_id: int | None
    due_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class PeerCase:
    """A public case in which somebody else got past a rule of its own; ``is_same_law``: the law of an own case,
    ``is_same_size``: in a municipality of about as many inhabitants."""

    reference: str
    title: str
    municipality_id: int | None
    municipality_then: str | None
    verdict: Verdict
    result: Result
    main_law_id: int | None
    theme: Theme
    is_same_law: bool
    is_same_size: bool


@dataclass(frozen=True, slots=True)
class OwnOverview:
    """What an organisation sees of itself: its cases, its coming days, its answers, its own rules, and its peers."""

    groups: tuple[OwnGroup, ...]
    coming: tuple[OwnCase, ...]
    answered: tuple[OwnCase, ...]
    held_by_own_rules: tuple[OwnCase, ...]
    peers: tuple[PeerCase, ...]


def own_overview(
    session: Session, actor: Actor, municipality_ids: Sequence[int], peer_ids: Sequence[int] = ()
) -> OwnOverview:
    """How the cases of the actor's organisation stand, in four or five statements.

    Args:
        municipality_ids: its own.
        peer_ids: those of its size.
    """
    is_joined = _case.organisation_id.is_distinct_from(actor.organisation_id).label("is_joined")
    is_asked = exists().where(_referral.case_id == _case.id, IS_ASKED_TO_SHARE).label("is_asked")
    rows = select(_case.status, _case.due_clock, is_joined, is_asked).where(visible_to(actor)).subquery()
    of = rows.c
    groups = session.execute(
        select(of.status, of.due_clock, func.count(), of.is_joined, of.is_asked).group_by(
            of.status, of.due_clock, of.is_joined, of.is_asked
        )
    ).all()
    own = select(*(_case[name] for name in OwnCase.__slots__)).where(visible_to(actor)).limit(SHOWN)
    coming = own.where(_IS_OPEN, _case.due_on.is_not(None)).order_by(_case.due_on, _case.id)
    answered = own.where(_case.status == CaseStatus.CLOSED).order_by(_case.closed_on.desc(), _case.id.desc())
    held = own.where(_case.verdict.in_(sorted(OWN_RULES))).order_by(_case.updated_at.desc(), _case.id.desc())
    coming_rows, answered_rows, held_rows = (
        tuple(OwnCase(*row) for row in session.execute(statement)) for statement in (coming, answered, held)
    )
    return OwnOverview(
        tuple(OwnGroup(*row) for row in groups),
        coming_rows,
        answered_rows,
        held_rows,
        _peers(session, actor, municipality_ids, peer_ids, held_rows) if held_rows else (),
    )


@dataclass(frozen=True, slots=True)
class OwnTime:
    """How long something took in the own cases and in the whole country, in days: how many, and their median."""

    what: str
    own_count: int
    own_median: float | None
    every_median: float | None


def own_times(session: Session, actor: Actor, today: date) -> list[OwnTime]:
    """From filing to end, and each clock of the desk, over the last year; in two statements."""
    quarters = [quarter_of(today).back(count) for count in range(QUARTERS_IN_YEAR)]
    own: dict[str, list[int]] = {}
    for kind, clock, days in session.execute(
        select(_fact.kind, _fact.clock, _fact.days)
        .join(Case.__table__, _case.id == _fact.case_id)
        .where(
            visible_to(actor),
            _fact.kind.in_([FactKind.HANDLED, FactKind.STOPPED]),
            _fact.quarter >= quarters[-1].first_day,
            _fact.days.is_not(None),
        )
    ):
        own.setdefault(GROSS if kind == FactKind.HANDLED else clock, []).append(days)
    everywhere = typical_days(session, quarters)
    return [
        OwnTime(
            what,
            len(own.get(what, ())),
            float(median(own[what])) if what in own else None,
            every if count >= LIMIT else None,
        )
        for what, (count, every) in everywhere.items()
    ]


def _peers(
    session: Session,
    actor: Actor,
    municipality_ids: Sequence[int],
    peer_ids: Sequence[int],
    held: tuple[OwnCase, ...],
) -> tuple[PeerCase, ...]:
    """Public cases elsewhere in which a rule of their own gave way: on the same laws first, then the same themes; of
    each those of the same size first."""
    laws = sorted({each.main_law_id for each in held if each.main_law_id is not None})
    is_same_law = func.coalesce(_public.main_law_id.in_(laws), False).label("is_same_law")
    is_same_size = func.coalesce(_public.municipality_id.in_(peer_ids), False).label("is_same_size")
    columns: list[ColumnElement[Any]] = [
        *(_public[name] for name in PeerCase.__slots__[:-2]),
        is_same_law,
        is_same_size,
    ]
    rows = session.execute(
        select(*columns)
        .where(
            _public.withdrawn_on.is_(None),
            _public.verdict.in_(sorted(OWN_RULES)),
            _public.result.in_(sorted(SOLVED)),
            func.coalesce(_public.municipality_id.not_in(municipality_ids), True),
            _public.case_id.not_in(select(_case.id).where(visible_to(actor))),
            or_(is_same_law, _public.theme.in_(sorted({each.theme for each in held} - {Theme.UNKNOWN}))),
        )
        .order_by(is_same_law.desc(), is_same_size.desc(), _public.published_on.desc(), _public.case_id.desc())
        .limit(SHOWN)
    )
    return tuple(PeerCase(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits at the desk: of mail as in ``incoming.count_statements``, cases that nobody can handle, changes of
    the law."""

    mails: int
    asking: int
    failed: int
    letters: int
    lying: int
    versions: int
    ownerless: int
    law_changes: int


def waiting(session: Session, actor: Actor, today: date) -> Waiting:
    """What this actor may see of it, in one statement."""
    statement = _waiting(actor.can(Permission.LEAD_SECOND_LOOK), actor.can(Permission.TRIAGE_CASE))
    told = {"able": sorted(reference(session).handlers), "lying_before": letters.lying_before(today)}
    return Waiting(*session.execute(statement, told).one())


@cache
def _waiting(sees_ownerless: bool, sees_changes: bool) -> Select[*tuple[Any, ...]]:
    """The statement of ``waiting``, kept: to make it costs more than to run it."""
    none = select(literal(0))
    parts = (
        *count_statements(),
        ownerless_statement() if sees_ownerless else none,
        waiting_statement() if sees_changes else none,
    )
    return select(*(each.scalar_subquery() for each in parts))


@dataclass(frozen=True, slots=True)
class DayCase:
    """One case on somebody's page of the day. The last three hold for some parts of the page only."""

    reference: str
    title: str
    status: CaseStatus
    filed_on: date
    due_on: date | None
    due_clock: Clock | None
    kind: MessageKind | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What waits for one person today. A part that the person may do nothing with is empty."""

    new: tuple[DayCase, ...]
    due: tuple[DayCase, ...]
    reviews: tuple[DayCase, ...]
    reactions: tuple[DayCase, ...]
    to_decide: tuple[DayCase, ...]
    guides: tuple[GuideToReview, ...]


def day_of(session: Session, actor: Actor, today: date, covered: frozenset[int] = frozenset()) -> Day:
    """The work of today of one handler, triager or reviewer: five statements at most, ``SHOWN`` rows a part.

    Due are the own cases whose term ends within three working days, or has ended. Reactions are what submitters wrote
    in the own cases since the start of yesterday (Europe/Amsterdam). The own cases are also those of ``covered``, the
    colleagues for whom the actor stands in. To decide are second looks without a handler, for the head of desk, cases
    of which the submitter says that the project is still stuck, and own cases with an objection to the public text,
    each in a row of its own; the head of desk also sees the objections that waited too long at others.
    """
    columns = [_case[name] for name in DayCase.__slots__[:6]]
    base = select(*columns).where(visible_to(actor)).limit(SHOWN)
    is_mine = _case.handler_id.in_([actor.account_id, *covered])

    def rows(statement: Select[Any]) -> tuple[DayCase, ...]:
        return tuple(DayCase(*row) for row in session.execute(statement))

    new: tuple[DayCase, ...] = ()
    due, reactions, to_decide = new, new, new
    if actor.can(Permission.ASSIGN_CASE):
        new = rows(base.where(_case.handler_id.is_(None), _IS_OPEN, ~_IS_AGAIN).order_by(_case.filed_on, _case.id))
    if actor.can(Permission.HANDLE_CASE):
        soon = add_working_days(today, NEARLY_LATE_WORKING_DAYS)
        due = rows(base.where(is_mine, _IS_OPEN, _case.due_on <= soon).order_by(_case.due_on, _case.id))
        reactions = rows(
            base.add_columns(_message.kind, _message.written_at)
            .join(Message.__table__, _message.case_id == _case.id)
            .where(
                is_mine,
                _message.from_desk.is_(False),
                _message.written_at >= start_of_nl_day(today - timedelta(days=1)),
            )
            .order_by(_message.written_at.desc(), _message.id.desc())
        )
        to_decide = rows(_to_decide(actor, is_mine, today))
    reviews, guides = _to_review(session, actor, covered)
    return Day(new, due, reviews, reactions, to_decide, guides)


def _to_decide(actor: Actor, is_mine: ColumnElement[bool], today: date) -> Select[*tuple[Any, ...]]:
    """What waits for a decision, those with a term first, and then the longest waiting objections; only these have a
    kind and an instant, and no term: that of the case is about something else."""
    plain = [_case[name] for name in DayCase.__slots__[:6]]
    said = (
        select(func.max(_message.written_at))
        .where(_message.case_id == _case.id, _message.kind == MessageKind.OBJECTION)
        .scalar_subquery()
    )
    may_see = is_mine
    if actor.can(Permission.LEAD_SECOND_LOOK):
        lies_since = day_longer_ago(today, HEADS_TOLD_AFTER)
        may_see = or_(is_mine, said < start_of_nl_day(lies_since + timedelta(days=1)))
    without_term = [null().label(each.name) if each.name in ("due_on", "due_clock") else each for each in plain]
    objected = select(
        *without_term, literal(MessageKind.OBJECTION, _message.kind.type).label("kind"), said.label("at"), _case.id
    ).where(visible_to(actor), may_see, objection_waits())
    others = select(*plain, null().label("kind"), null().label("at"), _case.id).where(
        visible_to(actor), or_(*_waits_for_decision(actor, is_mine))
    )
    both = union_all(objected, others).subquery()
    shown = [both.c[name] for name in DayCase.__slots__]
    return (
        select(*shown)
        .order_by(both.c.due_on.asc().nulls_last(), both.c["at"].asc().nulls_last(), both.c.id)
        .limit(SHOWN)
    )


def _waits_for_decision(actor: Actor, is_mine: ColumnElement[bool]) -> Iterable[ColumnElement[bool]]:
    wish = select(_aftercare.id).where(
        _aftercare.case_id == _case.id, _aftercare.asks_reopening, _aftercare.settled_on.is_(None)
    )
    may_see = true() if actor.can(Permission.ASSIGN_CASE) else is_mine
    yield and_(_case.status == CaseStatus.CLOSED, may_see, wish.exists())
    if actor.can(Permission.LEAD_SECOND_LOOK):
        yield and_(_IS_AGAIN, _case.handler_id.is_(None))


def _to_review(
    session: Session, actor: Actor, covered: frozenset[int]
) -> tuple[tuple[DayCase, ...], tuple[GuideToReview, ...]]:
    """The cases and the guides that wait for this actor as a second person, the longest waiting first."""
    parts: list[Select[Any]] = []
    if actor.can(Permission.REVIEW_CASE):
        asked = (
            select(*(_case[name] for name in DayCase.__slots__[:6]), _review.requested_at.label("since"), _review.id)
            .join(Review.__table__, _review.case_id == _case.id)
            .where(visible_to(actor), _review.status == ReviewStatus.OPEN, may_be_second(actor.account_id, covered))
            .order_by(_review.requested_at, _review.id)
            .limit(SHOWN)
            .subquery()
        )
        parts.append(select(literal(False).label("is_guide"), *asked.c))
    if actor.can(Permission.REVIEW_GUIDE):
        written = to_review(actor.account_id).limit(SHOWN).subquery().c
        rest = [null() for _ in DayCase.__slots__[2:6]]
        parts.append(
            select(
                literal(True).label("is_guide"),
                written.slug,
                written.question,
                *rest,
                written.written_at.label("since"),
                written.id,
            )
        )
    if not parts:
        return (), ()
    rows = session.execute(union_all(*parts).order_by("is_guide", "since", "id")).all()
    cases = [replace(DayCase(*row[1:7]), at=row[7]) for row in rows if not row[0]]
    guides = [GuideToReview(row[1], row[2], row[7]) for row in rows if row[0]]
    return tuple(cases), tuple(guides)
