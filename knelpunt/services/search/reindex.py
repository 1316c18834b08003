"""Makes all search terms anew, because after a change of the word lists or the stemmer old rows hold old terms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from knelpunt.models import Bottleneck, Case, Guide, GuideVersion, PublicText, PublishedCase
from knelpunt.services.core import search_index
from knelpunt.services.core.search_index import IndexedText
from knelpunt.services.guides import editing as guides

BATCH = 500
VERSION = 3
"""By which words and weights terms are made. Raise it when they change: then a worker makes all of them anew, once."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one kind has come, for the console; ``kind`` is a Dutch plural."""

    kind: str
    done: int
    total: int


def reindex(session: Session) -> Iterator[Progress]:
    """Go through cases, published cases, ruimtewijzers and rule bottlenecks; commits after every batch.

    May be broken off and started again, and runs beside the site: what is written meanwhile has the new terms already.
    """
    for kind, model_id, write in (
        ("zaken", Case.id, _cases),
        ("openbare zaken", PublishedCase.case_id, _published),
        ("ruimtewijzers", Guide.id, _guides),
        ("regelknelpunten", Bottleneck.id, _bottlenecks),
    ):
        yield from _in_batches(session, kind, model_id, write)


def _in_batches(
    session: Session, kind: str, row_id: Any, write: Callable[[Session, list[int]], None]
) -> Iterator[Progress]:
    total = session.scalar(select(func.count(row_id))) or 0
    last, done = 0, 0
    while ids := list(session.scalars(select(row_id).where(row_id > last).order_by(row_id).limit(BATCH))):
        write(session, ids)
        session.commit()
        last, done = ids[-1], done + len(ids)
        yield Progress(kind, done, max(total, done))


def _cases(session: Session, ids: list[int]) -> None:
    """A case of the history is also found by its answer, which stood in its source from the beginning."""
    rows = session.execute(
        select(Case.id, Case.reference, Case.title, Case.description, PublicText.answer)
        .outerjoin(PublicText, (PublicText.case_id == Case.id) & Case.source_url.is_not(None))
        .where(Case.id.in_(ids))
        .with_for_update(of=Case, key_share=True)
    )
    search_index.index_many(
        session, (IndexedText(id_, "\n".join(text for text in texts if text)) for id_, *texts in rows)
    )


def _published(session: Session, ids: list[int]) -> None:
    """Not those that were withdrawn: nobody finds them."""
    found = session.execute(
        select(
            PublishedCase.case_id,
            PublishedCase.reference,
            PublishedCase.title,
            PublishedCase.question,
            PublishedCase.answer,
        )
        .where(PublishedCase.case_id.in_(ids), PublishedCase.withdrawn_on.is_(None))
        .with_for_update()
    )
    for case_id, *texts in found.all():
        session.execute(
            update(PublishedCase)
            .where(PublishedCase.case_id == case_id)
            .values(terms=search_index.published_terms(*texts))
            .execution_options(synchronize_session=False)
        )


def _guides(session: Session, ids: list[int]) -> None:
    """Only those that were published have terms."""
    found = session.scalars(
        select(GuideVersion)
        .join(Guide, (Guide.id == GuideVersion.guide_id) & (Guide.published_number == GuideVersion.number))
        .where(Guide.id.in_(ids))
        .with_for_update(of=Guide)
    )
    for version in found.all():
        session.execute(
            update(Guide)
            .where(Guide.id == version.guide_id)
            .values(terms=guides.terms_of(version))
            .execution_options(synchronize_session=False)
        )


def _bottlenecks(session: Session, ids: list[int]) -> None:
    found = session.execute(
        select(Bottleneck.id, Bottleneck.title, Bottleneck.problem).where(Bottleneck.id.in_(ids)).with_for_update()
    )
    for id_, title, problem in found.all():
        session.execute(
            update(Bottleneck)
            .where(Bottleneck.id == id_)
            .values(terms=search_index.terms(f"{title}\n{problem}"))
            .execution_options(synchronize_session=False)
        )
