"""Everything that the site keeps about one person, for that person (AVG art. 15 and 20): read table by table from the
register, a part at a time.

Only what is the person's own: not what colleagues write for themselves about a case, and nothing of other people
(art. 15 lid 4). Secrets and fingerprints of secrets stay here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, Table, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.privacy.register import BY_KEY, NOT_PERSONAL
from knelpunt.models import Attachment, Base, Case, Event, OutboxMail
from knelpunt.queries.privacy.places import SECRET

ROWS_A_PART = 200
TO_SUBMITTER = (
    "contact", "story", "map_point", "co_signing", "attachments", "referral", "public_text", "aftercare", "incoming",
    "outbox", "digest", "letters", "new_address",
)  # fmt: skip
"""The entries of the register of which the submitter of a case gets everything."""
SHARED = {
    "cases": ("verdict_plain", "verdict_legal", "result_reason", "next_step"),
    "proposals": ("text", "legal_basis", "conditions", "who_acts"),
    "public_texts": ("title", "question", "answer", "next_step"),
    "second_looks": ("answers", "reason"),
}
"""What the desk writes to the submitter."""
NOT_OF_SUBMITTER = frozenset({"asked_by_id", "author_id", "account_id", "removed_by_id", "decided_by_id"})
OWN_BY = frozenset({"account_id", "author_id", "owner_id", "written_by_id", "made_by_id", "updated_by_id", "signer_id"})
"""A row whose link by one of these names leads to an account was written by it, or is about it."""


OWN_DESK_WORDS = frozenset({("notes", "desk_words"), ("tasks", "desk_words")})
"""What somebody at the desk wrote for colleagues."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one kind: the entry of the register in words, why it is kept, and what the rows say."""

    title: str
    purpose: str
    term: str
    table: str
    rows: list[dict[str, Any]]


def of_case(session: Session, case_id: int) -> Iterator[Part]:
    """What is kept of the submitter of a case."""
    for table in Base.metadata.sorted_tables:
        owner = table.c.id if table.name == Case.__tablename__ else table.c.get("case_id")
        if owner is None:
            continue
        for key, names in _declared(table).items():
            if key == NOT_PERSONAL:
                continue
            own = key in TO_SUBMITTER or table.name in SHARED
            names = names if key in TO_SUBMITTER else SHARED.get(table.name, ()) if key == "desk_words" else ()
            shown = [name for name in names if name not in SECRET | NOT_OF_SUBMITTER]
            if own and shown:
                which = owner == case_id
                if table.name == OutboxMail.__tablename__:
                    which &= table.c.account_id.is_(None)
                if table.name == Attachment.__tablename__:
                    which &= table.c.consultation_id.is_(None)
                yield from _parts(session, table, key, shown, which)


def of_account(session: Session, account_id: int) -> Iterator[Part]:
    """What is kept of somebody with an account. Of a row of somebody else only that the account stands in it."""
    accounts = Base.metadata.tables["accounts"]
    yield from _parts(session, accounts, "account", ["email", "name", "role"], accounts.c.id == account_id)
    for table in Base.metadata.sorted_tables:
        links = [column for column in table.columns if _is_account(column)]
        if not links or table.name in (Event.__tablename__, accounts.name):
            continue
        own = [column for column in links if column.name in OWN_BY]
        others = [column for column in links if column.name not in OWN_BY]
        if own:
            which = or_(*(column == account_id for column in own))
            for key, names in _declared(table).items():
                shown = [name for name in names if name not in SECRET and not _is_account(table.c[name])]
                is_own = key not in (NOT_PERSONAL, "acts", "desk_words") or (table.name, key) in OWN_DESK_WORDS
                if is_own and shown:
                    yield from _parts(session, table, key, shown, which)
        for column in others:
            yield from _parts(session, table, "acts", [], column == account_id, role=column.name)
    events = Base.metadata.tables[Event.__tablename__]
    which = or_(events.c.actor_id == account_id, events.c.subject == f"account:{account_id}")
    yield from _parts(session, events, "acts", ["kind", "subject"], which)


def _parts(
    session: Session, table: Table, key: str, shown: list[str], which: Any, *, role: str | None = None
) -> Iterator[Part]:
    """The rows in parts of a fixed size, with the days on which they were made, and the number of their case."""
    entry = BY_KEY[key]
    moments = [column.name for column in table.columns if isinstance(column.type, (Date, DateTime))]
    columns = [table.c[name] for name in dict.fromkeys((*shown, *moments))]
    is_case = table.name == Case.__tablename__
    number = Case.__table__.c.reference.label("zaak")
    statement = select(*table.primary_key.columns, *columns) if "case_id" not in table.c else None
    if statement is None:
        joined = table.outerjoin(Case.__table__, Case.__table__.c.id == table.c.case_id)
        statement = select(*table.primary_key.columns, *columns, number).select_from(joined)
    elif is_case:
        statement = statement.add_columns(number)
    keys = len(table.primary_key.columns)
    statement = statement.where(which).order_by(*table.primary_key.columns)
    rows: list[dict[str, Any]] = []
    result = session.execute(statement.execution_options(yield_per=ROWS_A_PART))
    names = [column.name for column in columns] + (["zaak"] if "case_id" in table.c or is_case else [])
    for row in result:
        told = {
            name: _plain(value) for name, value in zip(names, row[keys:], strict=True) if value not in (None, [], "")
        }
        rows.append({"als": role, **told} if role else told)
        if len(rows) == ROWS_A_PART:
            yield Part(entry.title, entry.purpose, entry.term, table.name, rows)
            rows = []
    if rows:
        yield Part(entry.title, entry.purpose, entry.term, table.name, rows)


def _declared(table: Table) -> dict[str, tuple[str, ...]]:
    for mapper in Base.registry.mappers:
        if mapper.local_table is table:
            declared: dict[str, tuple[str, ...]] = dict(mapper.class_.__personal__)
            return declared
    return {}


def _is_account(column: Any) -> bool:
    return any(key.target_fullname == "accounts.id" for key in column.foreign_keys)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
