"""What the desk does with a case: provisions weighed, verdicts, reviews, proposals, messages and notes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.vocabulary import AssessmentRole, MessageKind, ProposalStatus, ReviewStatus
from knelpunt.models.base import Base, text_enum


class Assessment(Base):
    """Toets: a case against a provision on a date.

    History names a law and an article that may not be in the catalogue; then ``provision_id`` is empty and
    ``article`` holds the words of the source. ``basis`` tells where the link comes from.
    """

    __tablename__ = "assessments"
    __table_args__ = (Index("ix_assessments_law_case", "law_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    law_id: Mapped[int] = mapped_column(ForeignKey("laws.id"))
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"), index=True)
    article: Mapped[str | None]
    role: Mapped[AssessmentRole] = mapped_column(text_enum(AssessmentRole))
    on_date: Mapped[date]
    reasoning: Mapped[str]
    basis: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Review(Base):
    """A step that waits for a second person. ``payload`` is what the first person filled in for it."""

    __tablename__ = "reviews"
    __table_args__ = (
        Index("uq_reviews_one_open", "case_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_reviews_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    step: Mapped[str]
    payload: Mapped[dict[str, Any]]
    status: Mapped[ReviewStatus] = mapped_column(text_enum(ReviewStatus), default=ReviewStatus.OPEN)
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    requested_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str | None]


class Proposal(Base):
    """What the desk proposes to the submitter, and the reaction."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    text: Mapped[str]
    legal_basis: Mapped[str]
    legal_date: Mapped[date]
    conditions: Mapped[str]
    who_acts: Mapped[str]
    act_by: Mapped[date]
    status: Mapped[ProposalStatus] = mapped_column(text_enum(ProposalStatus))
    sent_on: Mapped[date | None]
    reacted_on: Mapped[date | None]
    reaction: Mapped[str | None]


class Message(Base):
    """One message between desk and submitter, seen by both. A question has a term in which an answer is expected."""

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind] = mapped_column(text_enum(MessageKind))
    from_desk: Mapped[bool]
    body: Mapped[str]
    why: Mapped[str | None]
    answer_by: Mapped[date | None]
    answered_on: Mapped[date | None]
    lapsed_on: Mapped[date | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]


class Note(Base):
    """An internal note: staff only, never shown or sent to a submitter."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    body: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
