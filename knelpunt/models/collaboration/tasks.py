"""Tasks on a case, and the checklists from which they are set out."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.vocabulary import Theme
from knelpunt.models.base import Base, about, text_enum


class Checklist(Base):
    """What has to be done at a step or about a topic, as lines that become tasks on a case.

    ``step`` is the step of the workflow that it comes before, ``theme`` the topic of the case; empty: any.
    ``working_days``: within how many the tasks are to be done. ``ended_on``: not offered any more.
    """

    __tablename__ = "checklists"
    __personal__ = about(acts="made_by_id", nobody="name step theme lines")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    step: Mapped[str | None]
    theme: Mapped[Theme | None] = mapped_column(text_enum(Theme))
    lines: Mapped[list[str]]
    working_days: Mapped[int | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class Task(Base):
    """Something that a colleague has to do in a case. For the desk alone; goes when the case goes.

    Either a colleague has it (``assignee_id``) or a team: then any of its members may do it. ``due_on`` is a day in
    Europe/Amsterdam, up to and including.
    """

    __tablename__ = "tasks"
    __personal__ = about(desk_words="words", acts="assignee_id made_by_id done_by_id")
    __table_args__ = (
        Index("ix_tasks_case", "case_id", "id"),
        Index("ix_tasks_open", "assignee_id", "due_on", postgresql_where=text("done_at IS NULL")),
        Index("ix_tasks_team", "team_id", "due_on", postgresql_where=text("done_at IS NULL AND team_id IS NOT NULL")),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by"),
        CheckConstraint("num_nonnulls(assignee_id, team_id) = 1", name="for_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    checklist_id: Mapped[int | None] = mapped_column(ForeignKey("checklists.id"))
    words: Mapped[str]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    due_on: Mapped[date | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes
