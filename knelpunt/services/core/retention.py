"""Takes away the end date of a case that goes on."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from knelpunt.domain.vocabulary import ListedStatus
from knelpunt.models import Case, DisposalCase, Retention


def take_away(session: Session, case: Case) -> None:
    """The case is open again: it has no end date, and leaves the list that it may stand on. The case is locked."""
    session.execute(
        delete(DisposalCase).where(DisposalCase.case_id == case.id, DisposalCase.status == ListedStatus.LISTED)
    )
    session.execute(delete(Retention).where(Retention.case_id == case.id))
