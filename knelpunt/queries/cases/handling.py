"""What the desk did with one case: its proposals and questions, newest first."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.models import Proposal


def latest_proposal(session: Session, case_id: int) -> Proposal | None:
    """The proposal made last, whatever became of it."""
    return session.scalar(select(Proposal).where(Proposal.case_id == case_id).order_by(Proposal.id.desc()).limit(1))
