"""Commitments: what a minister promised the Kamer, or the Kamer asked, and how that goes."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.quarters.commitments import CommitmentKind, CommitmentStatus
from knelpunt.models.base import Base, about, text_enum


class Commitment(Base):
    """One toezegging or motie. ``paper`` is the Kamerstuk it stands in; ``made_when`` the day in words, where the
    papers do not give it to the day. All texts are public."""

    __tablename__ = "commitments"
    __personal__ = about(
        acts="owner_id made_by_id",
        nobody="kind title words dossier paper source_url made_when status",
    )
    __table_args__ = (
        Index("ix_commitments_due_on", "due_on", postgresql_where=text("due_on IS NOT NULL")),
        Index("ix_commitments_status", "status", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CommitmentKind] = mapped_column(text_enum(CommitmentKind))
    title: Mapped[str]
    words: Mapped[str]
    dossier: Mapped[str | None]
    paper: Mapped[str | None]
    source_url: Mapped[str | None]
    made_when: Mapped[str]
    status: Mapped[CommitmentStatus] = mapped_column(text_enum(CommitmentStatus))
    due_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class CommitmentCase(Base):
    """A case that a commitment is about. ``looked_at`` and ``found_at`` as at a case under a rule bottleneck."""

    __tablename__ = "commitment_cases"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True)
    looked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    found_at: Mapped[datetime | None]


class CommitmentBottleneck(Base):
    """A rule bottleneck that a commitment is about."""

    __tablename__ = "commitment_bottlenecks"

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), primary_key=True)
    bottleneck_id: Mapped[int] = mapped_column(ForeignKey("bottlenecks.id"), primary_key=True, index=True)


class CommitmentNews(Base):
    """A step of a commitment, with what was said about it. Never changed."""

    __tablename__ = "commitment_news"
    __personal__ = about(acts="author_id", nobody="status words")
    __table_args__ = (Index("ix_commitment_news_commitment", "commitment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"))
    status: Mapped[CommitmentStatus] = mapped_column(text_enum(CommitmentStatus))
    words: Mapped[str]
    due_on: Mapped[date | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
