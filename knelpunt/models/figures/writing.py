"""The text about a sealed quarter: its sections with every version kept, and what ministries said about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.figures.writing import Section
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.models.base import Base, about, text_enum


class QuarterText(Base):
    """The text of a quarter: where it is, who agreed to it, and when it went to the Kamer.

    ``asked_at`` while it lies before a second person, and since. ``passed`` are the marks of finds that this person let
    stand, ``pass_reason`` why. ``findings`` says by key which proposed sentences were taken or left. ``frozen`` are the
    lists beside the figures (commitments, bottlenecks) as they were at the approval; until then they are live.
    """

    __tablename__ = "quarter_texts"
    __personal__ = about(
        acts="begun_by_id asked_by_id approved_by_id presented_by_id remark pass_reason",
        nobody="status bottleneck_why findings frozen passed paper",
    )
    __table_args__ = (
        CheckConstraint("(status = 'tekst') = (approved_at IS NULL)", name="approved"),
        CheckConstraint("approved_by_id <> asked_by_id", name="four_eyes"),
        CheckConstraint("(status = 'aangeboden') = (presented_on IS NOT NULL)", name="presented"),
    )

    quarter: Mapped[date] = mapped_column(ForeignKey("quarter_seals.quarter"), primary_key=True)
    status: Mapped[QuarterStatus] = mapped_column(text_enum(QuarterStatus))
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    begun_at: Mapped[datetime]
    bottleneck_id: Mapped[int | None] = mapped_column(ForeignKey("bottlenecks.id"))
    bottleneck_why: Mapped[str | None]
    findings: Mapped[dict[str, str]] = mapped_column(default=dict)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime | None]
    remark: Mapped[str | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime | None]
    frozen: Mapped[dict[str, Any] | None]
    passed: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    pass_reason: Mapped[str | None]
    presented_on: Mapped[date | None]
    presented_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    paper: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class QuarterSection(Base):
    """One section of the text as it is now, in the simple markup."""

    __tablename__ = "quarter_sections"
    __personal__ = about(acts="changed_by_id", nobody="section source")

    quarter: Mapped[date] = mapped_column(ForeignKey("quarter_texts.quarter"), primary_key=True)
    section: Mapped[Section] = mapped_column(text_enum(Section), primary_key=True)
    source: Mapped[str]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class QuarterSectionVersion(Base):
    """A section as somebody kept it. Never changed."""

    __tablename__ = "quarter_section_versions"
    __personal__ = about(acts="saved_by_id", nobody="section source")
    __table_args__ = (Index("ix_quarter_section_versions_section", "quarter", "section", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[date] = mapped_column(ForeignKey("quarter_texts.quarter"))
    section: Mapped[Section] = mapped_column(text_enum(Section))
    source: Mapped[str]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    saved_at: Mapped[datetime]


class QuarterCommentRequest(Base):
    """A ministry that is asked to comment, by a secret link, up to and including ``due_on``.

    Personal data: the address; emptied a month after the last day. ``done_at``: the ministry said that it is ready.
    """

    __tablename__ = "quarter_comment_requests"
    __personal__ = about(officials="email public_id nonce", acts="asked_by_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[date] = mapped_column(ForeignKey("quarter_texts.quarter"), index=True)
    ministry_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    email: Mapped[str | None]
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class QuarterComment(Base):
    """What a ministry says about a section, and what the author did with it."""

    __tablename__ = "quarter_comments"
    __personal__ = about(acts="settled_by_id", nobody="section body answer")
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (is_taken IS NULL)", name="settled"),
        Index("ix_quarter_comments_request", "request_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("quarter_comment_requests.id"))
    section: Mapped[Section] = mapped_column(text_enum(Section))
    body: Mapped[str]
    made_at: Mapped[datetime]
    is_taken: Mapped[bool | None]
    answer: Mapped[str | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    settled_at: Mapped[datetime | None]
