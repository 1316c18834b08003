"""Who was named in a note, what somebody at the desk is told of, and who has a case open now."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.models.base import Base, about


class NoteMention(Base):
    """A colleague who is named in an internal note."""

    __tablename__ = "note_mentions"
    __personal__ = about(acts="account_id")

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)


class Notification(Base):
    """Something that a colleague should know, written in the transaction of the act. Goes after ``ends_on``.

    ``kind`` is a value of ``MailKind``, because the same goes by mail to who chose that. ``mailed_at``: when it went
    along in a daily digest. ``once_key`` makes a repeated reminder impossible.
    """

    __tablename__ = "notifications"
    __personal__ = about(notification="account_id actor_id", nobody="kind once_key")
    __table_args__ = (
        Index("ix_notifications_account", "account_id", "id"),
        Index("ix_notifications_unread", "account_id", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    once_key: Mapped[str | None] = mapped_column(unique=True)
    ends_on: Mapped[date] = mapped_column(index=True)


class CasePresence(Base):
    """When a colleague last had the page of a case open. Shown for some minutes, then swept."""

    __tablename__ = "case_presences"
    __personal__ = about(presence="account_id")

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seen_at: Mapped[datetime] = mapped_column(index=True)
