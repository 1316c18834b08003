"""The queue of articles whose text is no longer the one that was read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.laws.changes import TextFindingStatus
from knelpunt.models import Account, Law, LawTextFinding, Provision
from knelpunt.queries.laws.rows import article_in_words

PAGE_SIZE = 50
_COLUMNS: tuple[Any, ...] = (
    LawTextFinding.id,
    Provision.key,
    Provision.instrument,
    Provision.article,
    Law.key,
    Law.citation_title,
    Law.bwb_id,
    LawTextFinding.wording_from,
    LawTextFinding.read_on,
    LawTextFinding.text_from,
    LawTextFinding.source,
    LawTextFinding.found_on,
    LawTextFinding.status,
    Account.name,
    LawTextFinding.decided_at,
    LawTextFinding.note,
    LawTextFinding.edit_id,
)


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One article that changed, with what was done about it. Instants are in UTC."""

    id: int
    provision_key: str
    instrument: str
    article: str
    law_key: str
    law_title: str
    bwb_id: str | None
    wording_from: date | None
    read_on: date
    text_from: date | None
    source: str
    found_on: date
    status: TextFindingStatus
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    edit_id: int | None

    @property
    def citation(self) -> str:
        """The law and the article, as people refer to them."""
        return f"{self.law_title}, {article_in_words(self.article)}"


def _rows() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(Provision, Provision.id == LawTextFinding.provision_id)
        .join(Law, Law.id == Provision.law_id)
        .outerjoin(Account, Account.id == LawTextFinding.decided_by_id)
    )


def list_findings(session: Session, status: TextFindingStatus | None, *, page: int) -> list[FindingRow]:
    """One page, the newest first, and one row more when there is a next page. From page 1."""
    statement = _rows().order_by(LawTextFinding.found_on.desc(), Law.position, Provision.position, LawTextFinding.id)
    if status is not None:
        statement = statement.where(LawTextFinding.status == status)
    rows = session.execute(statement.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1))
    return [FindingRow(*row) for row in rows]


def one_finding(session: Session, finding_id: int) -> FindingRow | None:
    """One of them."""
    row = session.execute(_rows().where(LawTextFinding.id == finding_id)).one_or_none()
    return FindingRow(*row) if row else None


def count_open(session: Session) -> int:
    """How many wait for a person."""
    return session.execute(
        select(func.count()).select_from(LawTextFinding).where(LawTextFinding.status == TextFindingStatus.OPEN)
    ).scalar_one()
