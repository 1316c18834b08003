"""How often each promise of the site was kept in a quarter, and in which cases it was not."""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import OPEN, BottleneckStatus
from knelpunt.domain.calendar import deadlines
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.deadlines import ClockRun
from knelpunt.domain.calendar.timezone import Quarter, nl_day
from knelpunt.domain.figures.edition import LATE, Edition
from knelpunt.domain.figures.promises import PROMISES, Count, HowOften, Promise, tenths_of
from knelpunt.domain.vocabulary import CaseStatus, Channel, EventKind
from knelpunt.models import (
    Aftercare,
    Bottleneck,
    BottleneckNews,
    Case,
    ClockPeriod,
    Event,
    PublicText,
    PublishedCase,
    QuarterSeal,
)
from knelpunt.queries.figures.counts import Span, clock_sets
from knelpunt.queries.figures.editions import kept_editions
from knelpunt.queries.laws.term_rules import TermRow, every_term

SHOWN = 50
IN_SEAL = "beloften"
"""Under this name a seal holds how often each promise was owed and kept, as on the day of sealing."""
_CLOSED = [EventKind.CLOSED.value, EventKind.CLOSED_LINKED.value]


@dataclass(frozen=True, slots=True)
class Kept:
    """How often something was promised in a quarter, and how often it was kept."""

    owed: int
    kept: int

    @property
    def broken(self) -> int:
        return self.owed - self.kept

    @property
    def how_often(self) -> HowOften:
        """The same in a word, for everybody."""
        return HowOften.of(self.owed, self.kept)

    @property
    def tenths(self) -> int | None:
        """The same in tenths, where it was owed often enough."""
        return tenths_of(self.owed, self.kept)


@dataclass(frozen=True, slots=True)
class Told:
    """How often each promise was kept in a quarter: as the seal says, or as counted now.

    ``sealed_on``: the quarter is sealed since that day. ``is_sealed``: and its seal holds these numbers, which the
    first seals did not. ``hidden``: the promises of which the public hears no word.
    """

    kept: dict[str, Kept]
    sealed_on: date | None
    is_sealed: bool
    hidden: Set[str] = frozenset()


def told_of(session: Session, span: Span) -> Told:
    """The promises of a quarter, as sealed where its seal holds them; up to a day in it they are counted."""
    of_quarter = select(QuarterSeal.content, QuarterSeal.sealed_at).where(QuarterSeal.quarter == span.first)
    row = None if span.is_running else session.execute(of_quarter).one_or_none()
    held = json.loads(row.content).get(IN_SEAL) if row else None
    kept = kept_in(session, span) if held is None else {key: Kept(*numbers) for key, numbers in held.items()}
    if row is None:
        return Told(kept, None, is_sealed=False)
    edition = kept_editions(session, [span.quarter]).get(span.quarter)
    return Told(kept, nl_day(row.sealed_at), held is not None, hidden_in(edition))


def hidden_in(edition: Edition | None) -> frozenset[str]:
    """The promises of which the edition of a quarter does not tell how often the clock stopped; where none was kept,
    nobody knows yet which it will hide."""
    late = edition.table(LATE) if edition else None
    return frozenset(
        promise.key
        for promise in PROMISES
        if promise.clock and (late is None or not isinstance(late.cell(promise.clock, "gestopt"), int))
    )


def to_seal(session: Session, quarter: Quarter) -> dict[str, list[int]]:
    """What a seal holds of the promises of a quarter that is over."""
    kept = kept_in(session, Span.of(quarter, quarter.last_day))
    return {key: [each.owed, each.kept] for key, each in kept.items()}


def promised_in(content: Mapping[str, Any]) -> dict[str, int]:
    """What a seal says of each promise, by place; nothing of the first seals, which held none of it."""
    return {
        f"belofte {key}, {what}": amount
        for key, numbers in content.get(IN_SEAL, {}).items()
        for what, amount in zip(("beloofd", "waargemaakt"), numbers, strict=True)
    }


def kept_in(session: Session, span: Span) -> dict[str, Kept]:
    """Every promise that is counted, by its key; in seven statements whatever the number of cases."""
    clocks = _by_clock(session, span, [each.clock for each in PROMISES if each.clock is not None])
    counts: dict[Count, Kept] = {
        Count.REPLIED_BEFORE_END: _counted(session, _closed(span), _was_replied()),
        Count.AFTERCARE: _counted(session, _aftercare(span), _was_asked()),
        Count.SHOWN_BEFORE_PUBLIC: _counted(session, _published(span), _was_shown()),
        Count.BOTTLENECK_NEWS: _news(session, span),
        Count.BOTTLENECK_OWNER: _owners(session, span),
    }
    found: dict[str, Kept] = {}
    for promise in PROMISES:
        if promise.clock is not None:
            found[promise.key] = clocks[promise.clock]
        elif promise.count is not None:
            found[promise.key] = counts[promise.count]
    return found


def broken_in(session: Session, span: Span, promise: Promise) -> list[str]:
    """The references of the first cases or rule bottlenecks in which a promise was not kept, the oldest first."""
    match promise.count:
        case Count.REPLIED_BEFORE_END:
            statement = _closed(span).where(~_was_replied())
        case Count.AFTERCARE:
            statement = _aftercare(span).where(~_was_asked())
        case Count.SHOWN_BEFORE_PUBLIC:
            statement = _published(span).where(~_was_shown())
        case Count.BOTTLENECK_NEWS:
            return [each for each, is_kept in _news_rows(session, span) if not is_kept][:SHOWN]
        case Count.BOTTLENECK_OWNER:
            return [each for each, is_kept in _owner_rows(session, span) if not is_kept][:SHOWN]
        case None:
            if promise.clock is None:
                return []
            _stopped, stopped_late, running_late = clock_sets(span)
            statement = (
                select(Case.reference)
                .join(ClockPeriod, ClockPeriod.case_id == Case.id)
                .where(ClockPeriod.clock == promise.clock, or_(stopped_late, running_late))
            )
    return list(session.scalars(statement.distinct().order_by(Case.reference).limit(SHOWN)))


def _by_clock(session: Session, span: Span, clocks: Iterable[Clock]) -> dict[Clock, Kept]:
    stopped, stopped_late, running_late = clock_sets(span)
    wanted = list(clocks)
    rows = session.execute(
        select(
            ClockPeriod.clock,
            func.count().filter(or_(stopped, running_late)),
            func.count().filter(stopped, ~stopped_late),
        )
        .where(
            ClockPeriod.clock.in_(wanted),
            or_(ClockPeriod.stopped_on >= span.first, ClockPeriod.stopped_on.is_(None)),  # for the index
        )
        .group_by(ClockPeriod.clock)
    )
    found = {clock: Kept(owed, kept) for clock, owed, kept in rows}
    return {clock: found.get(clock, Kept(0, 0)) for clock in wanted}


def _counted(session: Session, owed: Select[str], is_kept: ColumnElement[bool]) -> Kept:
    row = session.execute(owed.with_only_columns(func.count(), func.count().filter(is_kept))).one()
    return Kept(*row)


def _closed(span: Span) -> Select[str]:
    """Cases that the desk closed in the span; one that was closed twice stands twice."""
    return (
        select(Case.reference)
        .join(Event, Event.case_id == Case.id)
        .where(
            Event.kind.in_(_CLOSED),
            Event.happened_on.between(span.first, span.until),
            Case.channel != Channel.IMPORT,
        )
    )


def _was_replied() -> ColumnElement[bool]:
    replied = select(ClockPeriod.id).where(
        ClockPeriod.case_id == Event.case_id,
        ClockPeriod.clock == Clock.K1,
        ClockPeriod.stopped_on <= Event.happened_on,
    )
    return and_(Event.result.is_not(None), replied.correlate(Event).exists())


def _aftercare(span: Span) -> Select[str]:
    """Moments of aftercare that came in the span, of cases that are still closed or were asked."""
    return (
        select(Case.reference)
        .join(ClockPeriod, ClockPeriod.case_id == Case.id)
        .outerjoin(Aftercare, Aftercare.period_id == ClockPeriod.id)
        .where(
            ClockPeriod.clock == Clock.K9,
            ClockPeriod.due_on.between(span.first, span.until),
            Case.channel != Channel.IMPORT,
            or_(
                Aftercare.id.is_not(None),
                and_(Case.status == CaseStatus.CLOSED, ClockPeriod.stopped_on.is_(None)),
            ),
        )
    )


def _was_asked() -> ColumnElement[bool]:
    return func.coalesce(Aftercare.asked_on <= ClockPeriod.due_on, False)


def _published(span: Span) -> Select[str]:
    return (
        select(Case.reference)
        .join(PublishedCase, PublishedCase.case_id == Case.id)
        .outerjoin(PublicText, PublicText.case_id == Case.id)
        .where(PublishedCase.published_on.between(span.first, span.until), Case.channel != Channel.IMPORT)
    )


def _was_shown() -> ColumnElement[bool]:
    """It lay before the submitter, who agreed or let the term go by, or whom nobody can reach any more."""
    agreed = PublicText.agreed_on <= PublishedCase.published_on
    return func.coalesce(or_(agreed, PublicText.object_by < PublishedCase.published_on), False)


def _news(session: Session, span: Span) -> Kept:
    rows = _news_rows(session, span)
    return Kept(len(rows), sum(is_kept for _reference, is_kept in rows))


def _news_rows(session: Session, span: Span) -> list[tuple[str, bool]]:
    """The bottlenecks that were open at the end of the span, and whether their last news was recent enough by the term
    that held on its day."""
    last = (
        select(BottleneckNews.bottleneck_id, BottleneckNews.status, BottleneckNews.on_day)
        .ext(distinct_on(BottleneckNews.bottleneck_id))
        .where(BottleneckNews.on_day <= span.until)
        .order_by(BottleneckNews.bottleneck_id, BottleneckNews.id.desc())
        .subquery()
    )
    status = func.coalesce(last.c.status, BottleneckStatus.SIGNALLED)
    rows = session.execute(
        select(Bottleneck.reference, func.coalesce(last.c.on_day, Bottleneck.signalled_on))
        .outerjoin(last, last.c.bottleneck_id == Bottleneck.id)
        .where(Bottleneck.signalled_on <= span.until, status.in_(sorted(OPEN)))
        .order_by(Bottleneck.reference)
    ).all()
    terms = every_term(session, Clock.K7).get(Clock.K7, [])
    return [(reference, _is_recent(terms, told_on, span.until)) for reference, told_on in rows]


def _is_recent(terms: Sequence[TermRow], told_on: date, until: date) -> bool:
    term = next((row.term for row in terms if row.term.holds_on(told_on)), None)
    if term is None:
        return True
    due = deadlines.due_on(ClockRun.of(Clock.K7, told_on, term.length, term.unit))
    return due is None or due >= until


def _owners(session: Session, span: Span) -> Kept:
    rows = _owner_rows(session, span)
    return Kept(len(rows), sum(is_kept for _reference, is_kept in rows))


def _owner_rows(session: Session, span: Span) -> list[tuple[str, bool]]:
    """The bottlenecks that had to have a ministry by a day in the span, and whether they had."""
    named = (
        select(BottleneckNews.bottleneck_id, func.min(BottleneckNews.on_day).label("on_day"))
        .where(BottleneckNews.status != BottleneckStatus.SIGNALLED)
        .group_by(BottleneckNews.bottleneck_id)
        .subquery()
    )
    rows = session.execute(
        select(Bottleneck.reference, func.coalesce(named.c.on_day <= Bottleneck.owner_due_on, False))
        .outerjoin(named, named.c.bottleneck_id == Bottleneck.id)
        .where(Bottleneck.owner_due_on.between(span.first, span.until))
        .order_by(Bottleneck.reference)
    )
    return [(reference, is_kept) for reference, is_kept in rows]
