"""Cases that are over and full of words, and the people and days of the archive."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Enum, String, Table, func, select, text, update
from sqlalchemy.dialects.postgresql import TSVECTOR, insert
from sqlalchemy.orm import Session

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import CaseStatus, CategoryStatus, PublicationStatus, Result
from knelpunt.models import Attachment, Base, Case, DisposalList, RetentionCategory
from knelpunt.services.archive import categories, lists, timers
from knelpunt.services.archive.categories import Wording
from knelpunt.services.archive.destruction import WORDS_OF_A_CASE
from knelpunt.services.cases import attachments
from knelpunt.services.core.context import Context
from tests.support import files as small_files
from tests.support.desk import Desk

MARKER = "zwanenbrug"
"""A word that stands nowhere else."""
CLOSED_ON = date(2026, 3, 2)
ENDS_ON = date(2036, 3, 2)
"""Ten years later: the term of the category "antwoord"."""
NOT_THE_CASES = {
    "case_links",
    "disposal_cases",
    "events",
    "figure_facts",
    "guides",
    "privacy_places",
    "privacy_requests",
    "retentions",
}
ANSWER = {
    "name": "Beantwoorde meldingen",
    "holds": "De melding en het antwoord.",
    "source": "Selectielijst voor de proef, categorie 1",
}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, 0, tzinfo=UTC)


class Archive:
    """A desk with two people who may confirm, and a clock that can be moved."""

    def __init__(self, desk: Desk, files: FileStore) -> None:
        self.desk, self.files, self.session, self.make = desk, files, desk.session, desk.make
        self.head, self.admin = desk.make.head_of_desk(), desk.make.administrator()
        self.other_admin = desk.make.administrator()

    def on(self, day: date) -> "Archive":
        self.desk.now = noon(day)
        return self

    def by(self, account: Any) -> Context:
        return self.desk.context(account)

    def run(self) -> int:
        """The worker's round of today."""
        return timers.run_due(
            Context(self.session, SYSTEM, self.desk.now, self.desk.links), self.files, self.session.commit
        )

    def case(self, **columns: Any) -> Case:
        """A case that was closed, with nothing that runs any more."""
        given = {"closed_on": CLOSED_ON, "filed_on": date(2025, 12, 1), "filed_at": noon(date(2025, 12, 1))}
        return self.make.case(**{"status": CaseStatus.CLOSED, "result": Result.WITH_ONTHEFFING, **given, **columns})

    def check_sources(self) -> None:
        """Let two people say that they read the source of every category, on this day."""
        for each in self.session.scalars(
            select(RetentionCategory).where(RetentionCategory.status == CategoryStatus.IN_FORCE)
        ).all():
            self.reword(each)

    def reword(self, each: RetentionCategory, **other: Any) -> RetentionCategory:
        given = {
            name: getattr(each, name)
            for name in ("name", "holds", "years", "disposition", "public_text_stays", "valid_from")
        }
        made = categories.propose(
            self.by(self.admin),
            each.code,
            Wording(**{**given, "source": ANSWER["source"], "source_checked_on": self.desk.today, **other}),
        )
        return categories.decide(self.by(self.head), made.id, made.version, accepted=True, remark="")

    def category(self, code: str) -> RetentionCategory:
        return self.session.scalars(
            select(RetentionCategory).where(
                RetentionCategory.code == code, RetentionCategory.status == CategoryStatus.IN_FORCE
            )
        ).one()


def found(session: Session, word: str) -> dict[str, int]:
    """In which tables a word stands, in whatever column, with the number of rows; bytes too."""
    session.flush()
    hits = {}
    for table in Base.metadata.sorted_tables:
        count = session.scalar(
            text(f'SELECT count(*) FROM "{table.name}" AS row WHERE row::text ILIKE :word OR row::text ILIKE :bytes'),
            {"word": f"%{word}%", "bytes": f"%{word.encode().hex()}%"},
        )
        if count:
            hits[table.name] = count
    return hits


def fill_with_words(session: Session, case: Case, account_id: int, word: str) -> set[str]:
    """Write a word into every column of text that a case has, making a row in each table that has none; the tables."""
    session.flush()
    filled = set()
    for table in _tables_of_a_case():
        owner = _owner(session, table, case)
        if owner is None:
            continue
        column, value = owner
        if not session.scalar(select(func.count()).select_from(table).where(column == value)):
            session.execute(
                insert(table).values(made_row(session, table, {column.name: value}, value, account_id, word))
            )
        words = {each.name: _word(each, word) for each in table.columns if _is_text(each)}
        if words:
            session.execute(update(table).where(column == value).values(words))
            filled.add(table.name)
    session.execute(
        update(Case.__table__)
        .where(Case.id == case.id)
        .values({each.name: word for each in Case.__table__.columns if _is_text(each) and each.name in _OF_A_CASE})
    )
    session.expire_all()
    return filled


_OF_A_CASE = frozenset({"title", "description", *WORDS_OF_A_CASE}) - {"draft_key", "source_url"}
NO_WORDS = """
kind status stored_name sha256 media_type step public_id nonce once_key message_id language role basis digest article
reference municipality_then joined_municipalities provisions source_url source_title purpose counts left_out situation
draft_key shown
"""


def _tables_of_a_case() -> list[Table]:
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_THE_CASES
        and any(key.column.table.name in ("cases", "consultations", "clock_periods") for key in table.foreign_keys)
    ]


def _owner(session: Session, table: Table, case: Case) -> tuple[Column[Any], int] | None:
    """The column by which a row belongs to the case, and its value."""
    if "case_id" in table.c:
        return table.c.case_id, case.id
    for name, parent in (("consultation_id", "consultations"), ("period_id", "clock_periods")):
        if name in table.c:
            parents = Base.metadata.tables[parent]
            found = session.scalar(select(parents.c.id).where(parents.c.case_id == case.id).limit(1))
            return (table.c[name], found) if found is not None else None
    return None


def _is_text(column: Column[Any]) -> bool:
    if column.foreign_keys or isinstance(column.type, Enum):
        return False
    is_text = isinstance(column.type, (String, JSON, TSVECTOR))
    return is_text and column.name not in NO_WORDS.split()


def _word(column: Column[Any], word: str) -> Any:
    if isinstance(column.type, TSVECTOR):
        return func.to_tsvector("simple", word)
    if isinstance(column.type, JSON) and column.name == "shown":
        return {"what": word}
    if isinstance(column.type, JSON):
        return [{"on": "2026-01-01", "what": word}] if column.name in ("passed", "corrections") else [word]
    return word


def made_row(
    session: Session, table: Table, given: dict[str, Any], value: int, account_id: int, word: str
) -> dict[str, Any]:
    """A row of the case with only what must be filled."""
    row = dict(given)
    for column in table.columns:
        if column.name in row or column.nullable or column.server_default is not None:
            continue
        if column.primary_key and not column.foreign_keys:
            continue
        row[column.name] = _needed(session, table, column, value, account_id, word)
    if table.name == "published_cases":
        row |= {"reference": session.get_one(Case, value).reference, "provisions": []}
    if table.name == "bulk_acts":
        row |= {"handler_id": account_id}
    if table.name == "import_rows":
        row |= {"place": 1}
    if table.name == "referrals":
        row |= {"status": "overgenomen", "contact": word}
    if table.name == "disagreements":
        row |= {"decided_at": datetime(2026, 2, 1, tzinfo=UTC)}
    if table.name == "second_looks":
        row |= {"ended_on": CLOSED_ON}
    if table.name == "public_texts":
        row |= {"kept_back_on": CLOSED_ON}
    if table.name == "reviews":
        row |= {"status": "akkoord"}
    if table.name == "consultations":
        row |= {"status": "beantwoord", "room": "er_is_ruimte", "ended_on": CLOSED_ON}
    if table.name == "clock_periods":
        row |= {"stopped_on": CLOSED_ON}
    if table.name == "suggestion_feedback":
        row |= {"situation": "proef"}
    if table.name == "tasks":
        row |= {"assignee_id": account_id}
    return row | given


def _needed(session: Session, table: Table, column: Column[Any], value: int, account_id: int, word: str) -> Any:
    for key in column.foreign_keys:
        parent = key.column.table
        if parent.name == "accounts":
            return account_id
        if "case_id" in parent.c:
            return session.scalar(select(parent.c.id).where(parent.c.case_id == value).limit(1))
        found = session.scalar(select(parent.c.id).order_by(parent.c.id).limit(1))
        if found is None:
            made = made_row(session, parent, {}, value, account_id, "ander")
            found = session.scalar(insert(parent).values(made).returning(parent.c.id))
        return found
    if isinstance(column.type, Enum):
        return column.type.enums[0]
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Date):
        return CLOSED_ON
    if isinstance(column.type, DateTime):
        return datetime(2026, 2, 1, tzinfo=UTC)
    if isinstance(column.type, (JSON, TSVECTOR)):
        return _word(column, word)
    if column.name == "stored_name":
        return f"{value:032x}"
    return f"{table.name}-{column.name}-{value}" if isinstance(column.type, String) else 1


A_DAY = timedelta(days=1)


def attach(archive: Archive, case: Case) -> Attachment:
    rules = attachments.AttachmentRules(1_000_000, 10)
    stream = io.BytesIO(small_files.pdf(MARKER))
    context = archive.by(archive.desk.handler)
    kept = attachments.store(context, archive.files, rules, stream, "brief.pdf", case=case)
    archive.session.commit()
    return kept


def full_case(archive: Archive) -> Case:
    """A case that went the whole way, with a word in every column."""
    case = archive.desk.bring("afgesloten")
    attach(archive, case)
    archive.desk.later(500)
    fill_with_words(archive.session, case, archive.desk.handler.id, MARKER)
    case.publication = PublicationStatus.PUBLIC
    archive.session.execute(Base.metadata.tables["clock_periods"].update().values(stopped_on=archive.desk.today))
    return case


def confirm_list(archive: Archive) -> DisposalList:
    each = archive.session.scalars(select(DisposalList).order_by(DisposalList.id.desc()).limit(1)).one()
    for account in (archive.head, archive.admin):
        lists.confirm(archive.by(account), each.id, each.version)
        archive.session.flush()
    return each
