"""Who has a case open, without the rest of the case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Actor
from knelpunt.models import Case, CasePresence
from knelpunt.queries.core.cases import is_reference, visible_to


@dataclass(frozen=True, slots=True)
class Seen:
    """When a colleague last had a case open."""

    account_id: int
    seen_at: datetime


def seen_in(session: Session, actor: Actor, reference: str) -> tuple[int, list[Seen]]:
    """The case with this number and who opened it, in one statement.

    Raises:
        NotFound: there is no such case, or this actor may not know of it.
    """
    if not is_reference(reference):
        raise NotFound()
    rows = session.execute(
        select(Case.id, CasePresence.account_id, CasePresence.seen_at)
        .outerjoin(CasePresence, CasePresence.case_id == Case.id)
        .where(Case.reference == reference, visible_to(actor))
        .order_by(CasePresence.account_id)
    ).all()
    if not rows:
        raise NotFound()
    return rows[0][0], [Seen(account_id, seen_at) for _id, account_id, seen_at in rows if account_id is not None]
