"""Mail that waits or was sent, the work that repeats, and the keys that make a form count once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.models.base import Base


class OutboxMail(Base):
    """One mail, written in the transaction of the act that causes it. Its Message-ID is fixed here.

    Personal data: address and text; purpose: delivery; address and text are emptied 30 days after sending.
    ``once_key`` makes a repeated reminder impossible.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting", "next_try_at", "id", postgresql_where=text("sent_at IS NULL AND gave_up_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    once_key: Mapped[str | None] = mapped_column(unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    to_address: Mapped[str | None]
    subject: Mapped[str]
    body: Mapped[str | None]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class JobRun(Base):
    """One run of repeating work. The key (name and period) keeps several workers from doing it twice."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Submission(Base):
    """One filled-in form, and where its answer led. A second click gets the answer of the first.

    ``key`` is a hash of the form's own key, of the address that it was sent to and of all that was filled in.
    """

    __tablename__ = "submissions"

    author: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    location: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
