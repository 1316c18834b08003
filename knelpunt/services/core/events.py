"""The event chain: appending one act, and checking that nobody touched what was written."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, bindparam, event, func, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker
from sqlalchemy.orm.attributes import set_committed_value

from knelpunt.adapters.database.bulk import copy_rows
from knelpunt.domain.calendar.leave import acting_for
from knelpunt.domain.vocabulary import ActorKind, CaseStatus, EventKind
from knelpunt.models import Case, Event
from knelpunt.models.event import BY_CLIENT, FOR_ORGANISATION
from knelpunt.queries.core.reference import reference
from knelpunt.services.core import subscribers
from knelpunt.services.core.context import Context

CHAIN_LOCK = 2_013_106
"""The advisory lock that orders appends; held until the transaction ends."""
_CHAIN_END, _UNSURE, _NOTE = "chain end", "chain end unsure", "note anchor"
"""Under these names a session keeps what its commit anchors, and by what."""
FIRST_HASH = "0" * 64
TOUCHED = "cases_with_new_events"
"""Under this name a session keeps which cases got events in its transaction, for the ledger of the figures."""
STANDS_IN_FOR = "waarneming_voor"
"""Under this name an event keeps for which handler, who is away, the actor stood in."""
CHANGE_NO_FIGURE = frozenset(
    {
        EventKind.ADDITION_RECEIVED,
        EventKind.ADDRESS_GONE,
        EventKind.ADDRESS_USED_AGAIN,
        EventKind.ATTACHMENT_ADDED,
        EventKind.ATTACHMENT_REMOVED,
        EventKind.CONTACT_OPENED,
        EventKind.DATA_EXPORTED,
        EventKind.DATA_TAKEN_AWAY,
        EventKind.HANDLER_ASSIGNED,
        EventKind.MAIL_CHOSEN,
        EventKind.MESSAGE_SENT,
        EventKind.NOTE_ADDED,
        EventKind.ORGANISATION_MERGED,
        EventKind.PUBLIC_TEXT_SAVED,
        EventKind.REVIEW_REQUESTED,
    }
)
"""Acts that open and end nothing and touch no rule; a clock only where ``data`` says so."""
FEW_EVENTS = 20
"""Above this many the rows go in by COPY: an import appends thousands at once."""
# Made once: every act appends, and all others wait for it.
_TAKE_LOCK = select(func.pg_advisory_xact_lock(CHAIN_LOCK))
_LAST = select(Event.__table__.c.number, Event.__table__.c.hash).order_by(Event.__table__.c.number.desc()).limit(1)
_INSERT = insert(Event.metadata.tables[Event.__tablename__])
_DAYS = bindparam("case_ids", type_=ARRAY(BigInteger)), bindparam("days", type_=ARRAY(Date))
_latest = func.unnest(*_DAYS).table_valued("case_id", "on_day").render_derived()
_NOTE_DAYS = (
    update(Case)
    .where(Case.id == _latest.c.case_id, Case.last_event_on < _latest.c.on_day)
    .values(last_event_on=_latest.c.on_day)
    .execution_options(synchronize_session=False)
)
_COLUMNS = tuple(column.key for column in Event.__table__.columns if column.key != "hash")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an event")


_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def chained_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over every column but the hash itself, as sorted JSON in UTF-8 with instants in UTC."""
    canonical = _canonical({name: row[name] for name in _COLUMNS})
    return hashlib.sha256(canonical.encode()).hexdigest()


def hold_chain(session: Session) -> None:
    """Take the chain's lock; whoever appended in this transaction has it already."""
    session.execute(_TAKE_LOCK)


def lock_chain(session: Session) -> tuple[int, str]:
    """Take the chain's lock and give the number and hash of the last event (0 and zeros when there is none)."""
    hold_chain(session)
    last = session.execute(_LAST).first()
    return (last.number, last.hash) if last else (0, FIRST_HASH)


def append(session: Session, rows: Iterable[dict[str, Any]], *, days_are_noted: bool = False) -> int:
    """Chain and insert rows (all columns but number and hashes) in the order given; the number of rows written.

    Args:
        days_are_noted: the cases already tell that something happened on these days.
    """
    if not days_are_noted:
        rows = list(rows)
        _note_days(session, rows)
    number, previous = lock_chain(session)
    chained = []
    touched: set[int] = session.info.setdefault(TOUCHED, set())
    for row in rows:
        number += 1
        is_quiet = row["kind"] in CHANGE_NO_FIGURE and "klokken" not in row["data"]
        if row["case_id"] is not None and not is_quiet:
            touched.add(row["case_id"])
        full = {**row, "number": number, "previous_hash": previous}
        previous = full["hash"] = chained_hash(full)
        chained.append(full)
    if len(chained) > FEW_EVENTS:
        copy_rows(session, Event.__tablename__, chained)
    elif chained:
        session.execute(_INSERT, chained)
    if chained:
        session.info[_CHAIN_END] = (number, previous)
    return len(chained)


def _note_days(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Let cases tell the last day on which something happened. Before the chain's lock: acts lock their case first."""
    days: dict[int, date] = {}
    for row in rows:
        if row["case_id"] is not None:
            days[row["case_id"]] = max(row["happened_on"], days.get(row["case_id"], row["happened_on"]))
    if days:
        session.execute(_NOTE_DAYS, {"case_ids": list(days), "days": list(days.values())})


def take_touched(session: Session) -> set[int]:
    """The cases that got events since this was last asked, and from which a figure may have changed."""
    touched: set[int] = session.info.pop(TOUCHED, set())
    return touched


def event_row(
    kind: str,
    *,
    recorded_at: datetime,
    happened_on: date,
    actor_kind: ActorKind = ActorKind.SYSTEM,
    actor_id: int | None = None,
    case: Case | None = None,
    subject: str | None = None,
    status_before: CaseStatus | None = None,
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The columns of one event as they are chained; the case's sides are those after the act."""
    return {
        "recorded_at": recorded_at,
        "happened_on": happened_on,
        "kind": kind,
        "case_id": case.id if case else None,
        "subject": subject,
        "actor_kind": actor_kind.value,
        "actor_id": actor_id,
        "status_before": status_before.value if status_before else None,
        "status": case.status.value if case else None,
        "verdict": case.verdict.value if case else None,
        "result": case.result.value if case and case.result else None,
        "data": data or {},
    }


def record(
    context: Context,
    kind: str,
    *,
    case: Case | None = None,
    subject: str | None = None,
    status_before: CaseStatus | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Append what was just done. Ids and dates only: no name and no free text may enter ``data``.

    Flushes first, so that a case that is refused by the database never leaves an event.
    """
    is_noted = case is None or case.last_event_on >= context.today
    if case is not None and not is_noted and context.session.is_modified(case):
        case.last_event_on, is_noted = context.today, True
    context.session.flush()
    if case is not None:
        data = {**(data or {}), **_stands_in(context, case)}
    if context.actor.client_id is not None:
        data = {**(data or {}), BY_CLIENT: context.actor.client_id, FOR_ORGANISATION: context.actor.organisation_id}
    row = event_row(
        kind,
        recorded_at=context.now,
        happened_on=context.today,
        actor_kind=context.actor.kind,
        actor_id=context.actor.account_id,
        case=case,
        subject=subject,
        status_before=status_before,
        data=data,
    )
    hearers = subscribers.who_hears(context, kind, case)
    append(context.session, [row], days_are_noted=is_noted)
    if case is not None and not is_noted:
        set_committed_value(case, "last_event_on", context.today)
    number, _hash = context.session.info[_CHAIN_END]
    subscribers.tell(context, hearers, kind, number, case=case, subject=subject, data=data)


def _stands_in(context: Context, case: Case) -> dict[str, Any]:
    """For whom the actor acted: the handler, if that one is away today and the actor stands in."""
    handler, actor = case.handler_id, context.actor.account_id
    if handler is None or actor is None or handler == actor:
        return {}
    leaves = reference(context.session).leaves
    if not leaves or acting_for(leaves, handler, context.today, kept_out=case.first_handler_id) != actor:
        return {}
    return {STANDS_IN_FOR: handler}


def anchor_commits(make_session: sessionmaker[Session], note: Callable[[int, str], None]) -> None:
    """Let ``note`` hear number and hash of the last event after each commit that appended one."""
    make_session.configure(info={_NOTE: note})
    for moment, listener in (
        ("after_soft_rollback", _when_rolled_back),
        ("before_commit", _before_commit),
        ("after_commit", _when_committed),
    ):
        if not event.contains(make_session, moment, listener):
            event.listen(make_session, moment, listener)


def _when_rolled_back(session: Session, _transaction: SessionTransaction) -> None:
    """An event that was taken back with a savepoint is no end of the chain: then the database is asked for it."""
    if session.info.pop(_CHAIN_END, None) is not None and session.in_transaction():
        session.info[_UNSURE] = True


def _before_commit(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.pop(_UNSURE, False):
        last = session.execute(_LAST).first()
        if last is not None:
            session.info[_CHAIN_END] = (last.number, last.hash)


def _when_committed(session: Session) -> None:
    if not session.in_nested_transaction() and (end := session.info.pop(_CHAIN_END, None)) is not None:
        session.info[_NOTE](*end)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the chain found. ``fault`` says in words what is wrong first; None when all is well."""

    count: int
    last_hash: str
    fault: str | None


def verify(session: Session, anchors: Mapping[int, str] | None = None) -> ChainReport:
    """Walk the whole chain.

    Args:
        anchors: hashes by number, noted earlier outside the database; a chain that was cut shorter or written anew,
            or an emptied table, is noticed by them.
    """
    previous, count = FIRST_HASH, 0
    waiting = dict(anchors or {})
    # A chain of which the anchor says that it was empty may have any length now.
    waiting.pop(0, None)
    columns = [Event.__table__.c[name] for name in (*_COLUMNS, "hash")]
    statement = select(*columns).order_by(Event.number).execution_options(yield_per=5000, stream_results=True)
    with session.execute(statement) as rows:
        for *values, stored_hash in rows:
            count += 1
            row = dict(zip(_COLUMNS, values, strict=True))
            if row["number"] != count:
                return ChainReport(count, previous, f"Event {count} is missing; number {row['number']} stands there.")
            if row["previous_hash"] != previous or chained_hash(row) != stored_hash:
                return ChainReport(count, previous, f"Event {count} was altered.")
            previous = stored_hash
            if waiting.pop(count, previous) != previous:
                return ChainReport(count, previous, f"Event {count} differs from the anchor.")
    if waiting:
        return ChainReport(count, previous, f"The chain ends at {count}, before the anchor at {min(waiting)}.")
    return ChainReport(count, previous, None)
