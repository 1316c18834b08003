"""Which worker reads the mailbox now, how that went, and what is kept of the mails that came in."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.post.incoming import SOURCE_KEPT, IncomingStatus
from knelpunt.models import IncomingMail, IncomingSource, MailboxState

EVERY = timedelta(seconds=60)
_ONLY = 1


def claim(session: Session, now: datetime) -> bool:
    """Whether this worker reads the mailbox: nobody did in the last minute. The caller commits."""
    row = insert(MailboxState).values(id=_ONLY, polled_at=now)
    claimed = row.on_conflict_do_update(
        index_elements=["id"], set_={"polled_at": now}, where=MailboxState.polled_at <= now - EVERY
    ).returning(MailboxState.id)
    return session.scalar(claimed) is not None


def note(session: Session, now: datetime, error: str | None) -> None:
    """Keep how a round went, for the page of the administrator."""
    values = {"error": error} if error is not None else {"error": None, "worked_at": now}
    session.execute(update(MailboxState).where(MailboxState.id == _ONLY).values(**values))


def sweep(session: Session, now: datetime) -> dict[str, int]:
    """Remove mails as they came in, and empty the rows about them, 30 days after somebody decided."""
    today = nl_day(now)
    sources = session.execute(
        delete(IncomingSource).where(IncomingSource.ends_on < today).returning(IncomingSource.mail_id)
    ).all()
    emptied = session.execute(
        update(IncomingMail)
        .where(
            IncomingMail.status != IncomingStatus.WAITING,
            IncomingMail.decided_at < now - SOURCE_KEPT,
            or_(
                IncomingMail.from_address.is_not(None),
                IncomingMail.subject.is_not(None),
                IncomingMail.body.is_not(None),
                IncomingMail.decision_reason.is_not(None),
            ),
        )
        .values(from_address=None, subject=None, body=None, refused_files=[], decision_reason=None)
        .returning(IncomingMail.id)
    ).all()
    return {"mail_sources": len(sources), "incoming_mails_emptied": len(emptied)}
