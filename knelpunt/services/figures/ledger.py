"""Keeps the ledger of the figures beside the acts, in their own transaction, and makes it again from the events.

Whoever appends an event holds the lock of the chain until the end, so that no two transactions settle at once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import BigInteger, any_, bindparam, delete, event, func, insert, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from knelpunt.adapters.database.bulk import copy_rows
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError
from knelpunt.domain.figures.ledger import (
    AFTER_CLOSING,
    VERSION,
    Act,
    CaseHistory,
    Cell,
    Fact,
    FactKind,
    NamedRule,
    Question,
    Run,
    cells_of,
    facts_of,
)
from knelpunt.domain.vocabulary import Channel, EventKind
from knelpunt.models import (
    Aftercare,
    Assessment,
    Case,
    ClockPeriod,
    ClockSuspension,
    Consultation,
    Event,
    FigureFact,
    FigureTotal,
    LedgerBuild,
)
from knelpunt.models.event import IS_CROSSING
from knelpunt.queries.figures.counts import urbanity_of_case
from knelpunt.services.core import events

AT_ONCE = 500
"""So many cases are settled together."""
UNDER_WAY = 0
"""The version of a ledger that is being made."""
FEW = 30
"""Above this many facts the rows go in by COPY."""
_COLUMNS = tuple(each.name for each in fields(Fact))
_values = attrgetter(*_COLUMNS)
_case = Case.__table__.c
_event = Event.__table__.c
_rule = Assessment.__table__.c
_period = ClockPeriod.__table__.c
_still = ClockSuspension.__table__.c
_fact = FigureFact.__table__
_total = FigureTotal.__table__
_aftercare = Aftercare.__table__.c
_asked = Consultation.__table__.c
_ids = bindparam("ids", type_=ARRAY(BigInteger))
_CASES = select(
    _case.id,
    _case.channel,
    _case.filed_on,
    _case.theme,
    _case.province_id,
    _case.municipality_id,
    urbanity_of_case(),
    _case.submitter_kind,
    _case.import_undone_on.is_(None),
).where(_case.id == any_(_ids))
_ACTS = (
    select(
        _event.case_id,
        _event.number,
        _event.happened_on,
        _event.kind,
        _event.status_before,
        _event.status,
        _event.verdict,
        _event.result,
        func.coalesce(_event.data["uitkomst"].astext, _event.data["antwoord"].astext),
        _event.data["nazorg"].as_integer(),
    )
    .where(
        _event.case_id == any_(_ids),
        or_(
            _event.kind.in_([kind.value for kind in (EventKind.FILED, EventKind.CONSULTED, *AFTER_CLOSING)]),
            text(f"({IS_CROSSING})"),
        ),
    )
    .order_by(_event.case_id, _event.number)
)
_RULES = select(
    _rule.case_id,
    _rule.id,
    _rule.law_id,
    _rule.provision_id,
    _rule.article,
    _rule.role,
    _rule.author_id,
    _rule.made_at,
    _rule.withdrawn_at,
).where(_rule.case_id == any_(_ids))
_RUNS = (
    select(
        _period.case_id,
        _period.id,
        _period.clock,
        _period.started_on,
        _period.due_on,
        _period.stopped_on,
        _still.from_day,
        _still.until_day,
    )
    .select_from(ClockPeriod.__table__.outerjoin(ClockSuspension.__table__, _still.period_id == _period.id))
    .where(_period.case_id == any_(_ids), ~_period.fell_away)
    .order_by(_period.id, _still.id)
)
_MOMENTS = select(_aftercare.case_id, _aftercare.id, _aftercare.months).where(_aftercare.case_id == any_(_ids))
_QUESTIONS = (
    select(_asked.case_id, _asked.ministry_id, _asked.asked_at, _asked.due_on, _asked.status, _asked.ended_on)
    .where(_asked.case_id == any_(_ids))
    .order_by(_asked.id)
)
_KEPT = select(_fact.c.case_id, _fact.c.id, *(_fact.c[name] for name in _COLUMNS)).where(_fact.c.case_id == any_(_ids))
_ADD = upsert(FigureTotal)
_ADD = _ADD.on_conflict_do_update(
    index_elements=[_total.c.kind, _total.c.split, _total.c.quarter, _total.c.side],
    set_={"amount": _total.c.amount + _ADD.excluded.amount},
)


def keep() -> None:
    """Let every session bring the ledger up to date before it commits. Once a process."""
    if not event.contains(Session, "before_commit", settle):
        event.listen(Session, "before_commit", settle)


def settle(session: Session) -> None:
    """Bring the facts and totals of the cases in line in which this transaction appended events."""
    touched = sorted(events.take_touched(session))
    if not touched:
        return
    session.flush()
    events.hold_chain(session)
    for ids in _parts(touched):
        _add_up(session, _settle_cases(session, ids))


def rebuild(session: Session, now: datetime) -> Iterator[int]:
    """Make the whole ledger again from the events, in transactions of its own; gives how many cases are done.

    The site works on meanwhile: until all is done figures are counted from the events. When it is killed half-way it
    can be started again. What the totals get is kept until the end; what acts change meanwhile comes on top of that.

    Raises:
        DomainError: somebody else began meanwhile, and took out what was made here.
    """
    events.hold_chain(session)
    for table in (LedgerBuild, FigureFact, FigureTotal):
        session.execute(delete(table))
    session.execute(insert(LedgerBuild).values(id=1, version=UNDER_WAY, built_at=now))
    session.commit()
    ids = session.scalars(select(_case.id).order_by(_case.id)).all()
    session.commit()
    done = 0
    change: Counter[Cell] = Counter()
    for part in _parts(ids):
        _go_on(session, now)
        change.update(_settle_cases(session, part))
        session.commit()
        done += len(part)
        yield done
    _go_on(session, now)
    _add_up(session, change)
    session.execute(delete(FigureTotal).where(_total.c.amount == 0))
    session.execute(delete(LedgerBuild))
    session.execute(insert(LedgerBuild).values(id=1, version=VERSION, built_at=now))
    session.commit()


def _go_on(session: Session, began: datetime) -> None:
    """Hold the chain for the next part of a ledger that is being made since an instant."""
    events.hold_chain(session)
    found = session.execute(select(LedgerBuild.version, LedgerBuild.built_at)).one_or_none()
    if found is None or tuple(found) != (UNDER_WAY, began):
        session.rollback()
        raise DomainError(
            "Iemand anders is intussen opnieuw begonnen met het grootboek. Dat gaat door; dit stopt hier."
        )


def _parts(ids: Sequence[int]) -> Iterator[list[int]]:
    for first in range(0, len(ids), AT_ONCE):
        yield list(ids[first : first + AT_ONCE])


def _settle_cases(session: Session, ids: list[int]) -> Counter[Cell]:
    """Write what is new of the facts of these cases, and take out what is over; how much the totals get by that."""
    kept: defaultdict[int, list[tuple[int, Fact]]] = defaultdict(list)
    for case_id, fact_id, kind, *values in session.execute(_KEPT, {"ids": ids}):
        kept[case_id].append((fact_id, Fact(FactKind(kind), *values)))
    gone: list[int] = []
    added: list[dict[str, Any]] = []
    change: Counter[Cell] = Counter()
    for history in _histories(session, ids):
        more = list(facts_of(history))
        if history.case_id in kept:
            new, over = Counter(more), []
            for fact_id, fact in kept[history.case_id]:
                if new[fact] > 0:
                    new[fact] -= 1
                else:
                    gone.append(fact_id)
                    over.append(fact)
            more = list(new.elements())
            change.subtract(cells_of(history, over))
        change.update(cells_of(history, more))
        added.extend({"case_id": history.case_id, **dict(zip(_COLUMNS, _values(fact), strict=True))} for fact in more)
    if gone:
        session.execute(delete(FigureFact).where(_fact.c.id.in_(gone)))
    if len(added) > FEW:
        copy_rows(session, FigureFact.__tablename__, added)
    elif added:
        session.execute(insert(FigureFact), added)
    return change


def _add_up(session: Session, change: Counter[Cell]) -> None:
    amounts = [
        {"kind": kind, "split": split, "quarter": quarter, "side": side, "amount": amount}
        for (kind, split, quarter, side), amount in change.items()
        if amount
    ]
    if amounts:
        session.execute(_ADD, amounts)


def _histories(session: Session, ids: list[int]) -> Iterator[CaseHistory]:
    """What the facts of these cases follow from, in four statements, and two more where there is something to read."""
    asked = {"ids": ids}
    acts: defaultdict[int, list[Act]] = defaultdict(list)
    for case_id, *values in session.execute(_ACTS, asked):
        acts[case_id].append(Act(*values))
    rules: defaultdict[int, list[NamedRule]] = defaultdict(list)
    for case_id, id_, law_id, provision_id, article, role, author_id, made_at, over_at in session.execute(
        _RULES, asked
    ):
        made_on = None if author_id is None else nl_day(made_at)
        withdrawn_on = None if over_at is None else nl_day(over_at)
        rules[case_id].append(NamedRule(id_, law_id, provision_id, article, role, made_on, withdrawn_on))
    runs: defaultdict[int, dict[int, Run]] = defaultdict(dict)
    for case_id, run_id, clock, started_on, due_on, stopped_on, first, last in session.execute(_RUNS, asked):
        before = runs[case_id].get(run_id)
        still: tuple[tuple[date, date | None], ...] = (*before.still,) if before else ()
        if first is not None:
            still = (*still, (first, last))
        runs[case_id][run_id] = Run(clock, started_on, due_on, stopped_on, still)
    moments: defaultdict[int, dict[int, int]] = defaultdict(dict)
    if any(act.about is not None for each in acts.values() for act in each):
        for case_id, aftercare_id, months in session.execute(_MOMENTS, asked):
            moments[case_id][aftercare_id] = months
    questions: defaultdict[int, list[Question]] = defaultdict(list)
    if any(act.kind == EventKind.CONSULTED for each in acts.values() for act in each):
        for case_id, ministry_id, asked_at, due_on, status, ended_on in session.execute(_QUESTIONS, asked):
            questions[case_id].append(Question(ministry_id, nl_day(asked_at), due_on, status, ended_on))
    for case_id, channel, filed_on, theme, province_id, municipality_id, urbanity, submitter, counts in session.execute(
        _CASES, asked
    ):
        yield CaseHistory(
            case_id,
            channel is Channel.IMPORT,
            filed_on,
            theme,
            province_id,
            municipality_id,
            urbanity,
            submitter,
            tuple(acts[case_id]) if counts else (),
            tuple(rules[case_id]),
            tuple(runs[case_id].values()),
            tuple(questions[case_id]),
            moments[case_id],
        )
