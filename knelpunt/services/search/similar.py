"""Which published cases are like one that is public: found by the worker, so that its page only reads them.

A list is found for a new text at once, and anew every few days. When a text is new, the lists of what it is like are
found anew as well, so that it appears there too.
"""

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from knelpunt.domain.history.records import COLLECTIVE_KEYS
from knelpunt.domain.vocabulary import Theme
from knelpunt.models import PublishedCase, SimilarCases
from knelpunt.queries.core.reference import reference
from knelpunt.queries.public.similar import SHOWN, DueList, SimilarCase, listed_cases, similar_cases
from knelpunt.services.search import answers

LISTED = 6
"""More than a page shows, for when one of them is withdrawn."""
KEPT = timedelta(days=3)


class Text(Protocol):
    """What is compared of a published case."""

    @property
    def case_id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def theme(self) -> Theme: ...
    @property
    def main_law_id(self) -> int | None: ...


def shown_with(session: Session, case: Text) -> tuple[SimilarCase, ...]:
    """The cases that the page of a published case shows as like it; found now when the worker did not get to it yet."""
    law_id = _law_to_share(session, case.main_law_id)
    listed = listed_cases(session, case.case_id, theme=case.theme, law_id=law_id)
    return find(session, case)[:SHOWN] if listed is None else listed


def find(session: Session, case: Text) -> tuple[SimilarCase, ...]:
    """The cases that are like a published case, as they are now."""
    return similar_cases(
        session,
        answers.told(session, f"{case.title}\n{case.question}").queries,
        case_id=case.case_id,
        theme=case.theme,
        law_id=_law_to_share(session, case.main_law_id),
        most=LISTED,
    )


def _law_to_share(session: Session, law_id: int | None) -> int | None:
    """The law that makes another case like this one: not a name for many rules, such as those of municipalities."""
    law = reference(session).laws.get(law_id) if law_id is not None else None
    return None if law is None or not set(COLLECTIVE_KEYS).isdisjoint(law.case_keys) else law_id


def list_for(session: Session, due: DueList, now: datetime) -> None:
    """Find a list that is due; the caller locked it, and commits."""
    others = [other.case_id for other in find(session, due)]
    session.execute(
        update(SimilarCases)
        .where(SimilarCases.case_id == due.case_id)
        .values(others=others, due_at=now + KEPT)
        .execution_options(synchronize_session=False)
    )
    if not due.is_listed and others:
        _ask_again(session, others, now)


def ask_for_missing(session: Session, now: datetime) -> None:
    """Ask for the lists of texts that have none, such as those that a server of an earlier version made public."""
    missing = (
        select(PublishedCase.case_id, literal(now))
        .outerjoin(SimilarCases, SimilarCases.case_id == PublishedCase.case_id)
        .where(PublishedCase.withdrawn_on.is_(None), SimilarCases.case_id.is_(None))
        .order_by(PublishedCase.case_id)
    )
    session.execute(insert(SimilarCases).from_select(["case_id", "due_at"], missing).on_conflict_do_nothing())


def set_aside(session: Session, case_id: int, now: datetime) -> None:
    """Try a list that could not be found after some days, so that it holds up no other."""
    session.execute(
        update(SimilarCases)
        .where(SimilarCases.case_id == case_id)
        .values(due_at=now + KEPT)
        .execution_options(synchronize_session=False)
    )


def _ask_again(session: Session, case_ids: list[int], now: datetime) -> None:
    """Have the lists of these found anew. One that somebody finds at this moment is passed over, or two workers might
    wait for one another."""
    free = session.scalars(
        select(SimilarCases.case_id)
        .where(SimilarCases.case_id.in_(case_ids), SimilarCases.due_at > now)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(
        update(SimilarCases)
        .where(SimilarCases.case_id.in_(free))
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )
