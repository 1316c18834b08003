"""How the desk divides its work: views of the work list, labels, teams, and acts on several cases at once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.vocabulary import BulkKind, BulkOutcome, Priority, Reach
from knelpunt.models.base import Base, text_enum


class SavedView(Base):
    """A work list with its filters and order, kept under a name. ``query`` is what stands in its address."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class StartView(Base):
    """The view on which somebody begins after logging in; gone with the view."""

    __tablename__ = "start_views"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_views.id", ondelete="CASCADE"), index=True)


class Label(Base):
    """A word by which the desk finds cases back; for the desk alone. One that ended stays on the cases that have it."""

    __tablename__ = "labels"
    __table_args__ = (Index("uq_labels_name", text("lower(name)"), unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CaseLabel(Base):
    """A label on a case."""

    __tablename__ = "case_labels"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id"), primary_key=True, index=True)


class Team(Base):
    """Colleagues who work together. The team of a case is that of its handler."""

    __tablename__ = "teams"
    __table_args__ = (Index("uq_teams_name", text("lower(name)"), unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class TeamMember(Base):
    """Somebody of the desk is in a team: one at a time."""

    __tablename__ = "team_members"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)


class BulkAct(Base):
    """One act on several cases, from its preview on. Which column says what is done depends on ``kind``.

    ``body`` is the message, or why. ``finished_at`` is emptied when it is undone, and filled when that is done.
    """

    __tablename__ = "bulk_acts"
    __table_args__ = (
        Index("ix_bulk_acts_at_work", "id", postgresql_where=text("confirmed_at IS NOT NULL AND finished_at IS NULL")),
        CheckConstraint("(kind = 'toewijzen') <= (handler_id IS NOT NULL)", name="assign_has_handler"),
        CheckConstraint("(kind = 'label') <= (label_id IS NOT NULL)", name="label_has_label"),
        CheckConstraint("(kind = 'koppelen') <= (bottleneck_id IS NOT NULL)", name="link_has_bottleneck"),
        CheckConstraint("(kind = 'prioriteit') <= (priority IS NOT NULL)", name="priority_has_priority"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BulkKind] = mapped_column(text_enum(BulkKind))
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    label_id: Mapped[int | None] = mapped_column(ForeignKey("labels.id"))
    bottleneck_id: Mapped[int | None] = mapped_column(ForeignKey("bottlenecks.id"))
    priority: Mapped[Priority | None] = mapped_column(text_enum(Priority))
    body: Mapped[str | None]
    prepared_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class BulkCase(Base):
    """One case of an act on several: its version in the preview, or why it is left out there, and what became of it.

    ``reach`` is how its submitter hears of it, where somebody does.

    The columns that end on ``_before`` hold what the act changed, to put it back. ``version_after`` is the version that
    the act left; a case with another one has moved on since, and is not put back.
    """

    __tablename__ = "bulk_cases"

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_acts.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True)
    place: Mapped[int]
    version: Mapped[int]
    left_out: Mapped[str | None]
    reach: Mapped[Reach | None] = mapped_column(text_enum(Reach))
    outcome: Mapped[BulkOutcome | None] = mapped_column(text_enum(BulkOutcome))
    remark: Mapped[str | None]
    version_after: Mapped[int | None]
    handler_before_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    priority_before: Mapped[Priority | None] = mapped_column(text_enum(Priority, "priority_before"))
    reason_before: Mapped[str | None]
    undo_outcome: Mapped[BulkOutcome | None] = mapped_column(text_enum(BulkOutcome, "undo_outcome"))
    undo_remark: Mapped[str | None]
