"""What goes to a submitter beside mail: a new address that waits for its owner, and messages on paper."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.models.base import Base


class AddressChange(Base):
    """A new contact address of one case, until its owner opens the link in the mail to it. Personal data."""

    __tablename__ = "address_changes"

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    email: Mapped[str]
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    asked_at: Mapped[datetime]


class Letter(Base):
    """A message to somebody without an e-mail address, to be printed or told by telephone.

    ``sent_on`` is the day (Europe/Amsterdam) on which somebody at the desk did so; ``dropped_at`` says that it never
    will be, because the contact was erased. Personal data: the text, emptied when the contact is erased.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index(
            "ix_letters_waiting",
            "written_at",
            "id",
            postgresql_where=text("sent_on IS NULL AND dropped_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    once_key: Mapped[str | None] = mapped_column(unique=True)
    subject: Mapped[str]
    body: Mapped[str | None]
    written_at: Mapped[datetime]
    sent_on: Mapped[date | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    dropped_at: Mapped[datetime | None]
