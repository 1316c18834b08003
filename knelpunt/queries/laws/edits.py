"""What the pages about editing the catalogue read: its entries, what waits, and the history of an entry."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.laws.catalogue import searchable
from knelpunt.domain.laws.edits import EditStatus, EntryKind, fingerprint
from knelpunt.domain.laws.schema import in_file_order
from knelpunt.models import Account, CatalogueEdit, Law, Provision

PAGE_SIZE = 50
MOST_WAITING = 50
MOST_HISTORY = 100
UNKNOWN = "een account dat niet meer bestaat"


class EntryState(StrEnum):
    """What a list can be narrowed to."""

    WAITING = "wacht"
    AHEAD = "niet_in_bestand"


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries a list shows. ``text`` is looked for in titles, articles, keys and words to be found by."""

    text: str = ""
    kind: EntryKind | None = None
    state: EntryState | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One law or provision in the list. ``waiting_id`` is the proposal that waits for it."""

    kind: EntryKind
    key: str
    law_key: str
    law_title: str
    title: str
    article: str | None
    is_ahead: bool
    waiting_id: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands, with its fields in the order of the file. ``waiting_id`` as in the list."""

    kind: EntryKind
    key: str
    law_key: str
    title: str
    fields: dict[str, Any]
    digest: str
    is_ahead: bool
    waiting_id: int | None


@dataclass(frozen=True, slots=True)
class EditRow:
    """One proposal, whole. Instants are in UTC."""

    id: int
    kind: EntryKind
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    base_digest: str
    reason: str
    source_url: str
    status: EditStatus
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    neighbour_keys: list[str]
    keeps_meaning: bool

    @property
    def title(self) -> str:
        """What the entry is called in the proposal."""
        return title_of(self.kind, self.after)

    @property
    def is_new(self) -> bool:
        """Whether the entry did not stand in the catalogue before."""
        return self.before is None


def title_of(kind: EntryKind, fields: dict[str, Any]) -> str:
    """What people call an entry: the title of a law, or an instrument with its article."""
    if kind is EntryKind.LAW:
        return str(fields.get("citation_title") or fields.get("id") or "")
    return f"{fields.get('instrument') or fields.get('id') or ''} ({fields.get('article') or 'geen artikel'})"


def list_entries(session: Session, wanted: EntryFilter, *, page: int) -> list[EntryRow]:
    """One page of laws, each followed by its provisions, and one row more when there is a next page. From page 1."""
    entries = _entries(wanted).subquery()
    waiting = (
        select(CatalogueEdit.id)
        .where(
            CatalogueEdit.kind == entries.c.kind,
            CatalogueEdit.key == entries.c.key,
            CatalogueEdit.status == EditStatus.PROPOSED,
        )
        .scalar_subquery()
    )
    shown = select(
        entries.c.kind,
        entries.c.key,
        entries.c.law_key,
        entries.c.law_title,
        entries.c.title,
        entries.c.article,
        entries.c.is_ahead,
        waiting.label("waiting_id"),
    ).order_by(entries.c.law_position, entries.c.law_id, entries.c.position, entries.c.id)
    if wanted.state is EntryState.WAITING:
        shown = shown.where(waiting.is_not(None))
    rows = session.execute(shown.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1))
    return [EntryRow(EntryKind(kind), *rest) for kind, *rest in rows]


def _entries(wanted: EntryFilter) -> Any:
    law_rows: Any = select(
        literal(EntryKind.LAW.value).label("kind"),
        Law.key.label("key"),
        Law.key.label("law_key"),
        Law.citation_title.label("law_title"),
        Law.citation_title.label("title"),
        null().label("article"),
        Law.is_ahead_of_file.label("is_ahead"),
        Law.position.label("law_position"),
        Law.id.label("law_id"),
        literal(-1).label("position"),
        Law.id.label("id"),
    )
    provision_rows: Any = select(
        literal(EntryKind.PROVISION.value).label("kind"),
        Provision.key.label("key"),
        Law.key.label("law_key"),
        Law.citation_title.label("law_title"),
        Provision.instrument.label("title"),
        Provision.article.label("article"),
        Provision.is_ahead_of_file.label("is_ahead"),
        Law.position.label("law_position"),
        Law.id.label("law_id"),
        Provision.position.label("position"),
        Provision.id.label("id"),
    ).join(Law, Law.id == Provision.law_id)
    for word in searchable(wanted.text).split():
        law_rows = law_rows.where(_holds(word, Law.key, Law.search_text))
        provision_rows = provision_rows.where(
            _holds(word, Provision.key, Provision.search_text, Law.key, Law.search_text)
        )
    if wanted.state is EntryState.AHEAD:
        law_rows = law_rows.where(Law.is_ahead_of_file)
        provision_rows = provision_rows.where(Provision.is_ahead_of_file)
    if wanted.kind is EntryKind.LAW:
        return law_rows
    if wanted.kind is EntryKind.PROVISION:
        return provision_rows
    return union_all(law_rows, provision_rows)


def _holds(word: str, *columns: Any) -> ColumnElement[bool]:
    return or_(*(column.contains(word, autoescape=True) for column in columns))


def one_entry(session: Session, kind: EntryKind, key: str) -> Entry | None:
    """An entry as it stands now."""
    waiting = select(CatalogueEdit.id).where(
        CatalogueEdit.kind == kind, CatalogueEdit.key == key, CatalogueEdit.status == EditStatus.PROPOSED
    )
    if kind is EntryKind.LAW:
        statement: Select[Any] = select(Law.details, Law.is_ahead_of_file, Law.key).where(Law.key == key)
    else:
        statement = (
            select(Provision.details, Provision.is_ahead_of_file, Law.key)
            .join(Law, Law.id == Provision.law_id)
            .where(Provision.key == key)
        )
    row = session.execute(statement.add_columns(waiting.scalar_subquery())).first()
    if row is None:
        return None
    details, is_ahead, law_key, waiting_id = row
    fields = in_file_order(details, kind.shape)
    return Entry(kind, key, law_key, title_of(kind, fields) or key, fields, fingerprint(fields), is_ahead, waiting_id)


def one_edit(session: Session, edit_id: int) -> EditRow | None:
    """One proposal."""
    rows = _edits(session, CatalogueEdit.id == edit_id, limit=1)
    return rows[0] if rows else None


def waiting_edits(session: Session) -> list[EditRow]:
    """What waits for a second administrator, the oldest first."""
    rows = _edits(session, CatalogueEdit.status == EditStatus.PROPOSED, limit=MOST_WAITING)
    return sorted(rows, key=lambda row: (row.proposed_at, row.id))


def count_waiting(session: Session) -> int:
    """How many proposals wait."""
    return session.execute(
        select(func.count()).select_from(CatalogueEdit).where(CatalogueEdit.status == EditStatus.PROPOSED)
    ).scalar_one()


def history(session: Session, kind: EntryKind, key: str) -> list[EditRow]:
    """The proposals for one entry, the newest first; for a law also those that changed it along with another law."""
    own: ColumnElement[bool] = and_(CatalogueEdit.kind == kind, CatalogueEdit.key == key)
    if kind is EntryKind.LAW:
        own = or_(own, and_(CatalogueEdit.kind == kind, CatalogueEdit.neighbour_keys.contains([key])))
    return _edits(session, own, limit=MOST_HISTORY)


def _edits(session: Session, which: ColumnElement[bool], *, limit: int) -> list[EditRow]:
    proposer, decider = aliased(Account), aliased(Account)
    rows = session.execute(
        select(
            CatalogueEdit.id,
            CatalogueEdit.kind,
            CatalogueEdit.key,
            CatalogueEdit.before,
            CatalogueEdit.after,
            CatalogueEdit.base_digest,
            CatalogueEdit.reason,
            CatalogueEdit.source_url,
            CatalogueEdit.status,
            CatalogueEdit.proposed_by_id,
            func.coalesce(proposer.name, UNKNOWN),
            CatalogueEdit.proposed_at,
            decider.name,
            CatalogueEdit.decided_at,
            CatalogueEdit.note,
            CatalogueEdit.neighbour_keys,
            CatalogueEdit.keeps_meaning,
        )
        .outerjoin(proposer, proposer.id == CatalogueEdit.proposed_by_id)
        .outerjoin(decider, decider.id == CatalogueEdit.decided_by_id)
        .where(which)
        .order_by(CatalogueEdit.id.desc())
        .limit(limit)
    )
    return [EditRow(*row) for row in rows]
