"""What an import of history asks: which provisions a source may mean, and which lines are there already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.models import Case, Law, Provision


@dataclass(frozen=True, slots=True)
class ProvisionRow:
    """What is needed of a provision to recognise it in the words of a source."""

    id: int
    law_id: int
    law_key: str
    law_title: str
    key: str
    article: str
    instrument: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ImportedCase:
    """The words of a line that was brought in earlier."""

    title: str
    description: str
    source_url: str | None


def provisions(session: Session) -> list[ProvisionRow]:
    """All provisions of the catalogue."""
    rows = session.execute(
        select(
            Provision.id,
            Provision.law_id,
            Law.key,
            Law.citation_title,
            Provision.key,
            Provision.article,
            Provision.instrument,
            Provision.valid_from,
            Provision.valid_to,
        )
        .join(Law, Law.id == Provision.law_id)
        .order_by(Provision.id)
    )
    return [ProvisionRow(*row) for row in rows]


def from_elsewhere(session: Session, urls: Iterable[str]) -> dict[tuple[str, str | None], str]:
    """The numbers of cases that were brought in from these sources earlier, by title and source."""
    rows = session.execute(
        select(Case.title, Case.source_url, Case.reference).where(Case.source_url.in_(list(urls))).order_by(Case.id)
    )
    return {(title, url): reference for title, url, reference in rows}


def imported(session: Session, keys: Iterable[str]) -> dict[str, ImportedCase]:
    """The cases that came in under these keys."""
    rows = session.execute(
        select(Case.import_key, Case.title, Case.description, Case.source_url)
        .where(Case.import_key.in_(list(keys)))
        .order_by(Case.id)
    )
    return {key: ImportedCase(title, description, url) for key, title, description, url in rows if key is not None}
