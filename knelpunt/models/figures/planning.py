"""When a quarter is checked, sealed, written and presented, and who looks after what the quality list finds."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.figures.sealing import Check
from knelpunt.models.base import Base, about, text_enum


class QuarterPlan(Base):
    """The reference dates of a quarter that somebody chose; without a row the usual ones hold."""

    __tablename__ = "quarter_plans"
    __personal__ = about(acts="set_by_id")

    quarter: Mapped[date] = mapped_column(primary_key=True)
    check_on: Mapped[date]
    seal_on: Mapped[date]
    text_on: Mapped[date]
    present_on: Mapped[date]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class QuarterCheckTask(Base):
    """Who looks after the finds of one check before a quarter is sealed, and by when."""

    __tablename__ = "quarter_check_tasks"
    __personal__ = about(acts="owner_id given_by_id", nobody="check")

    quarter: Mapped[date] = mapped_column(primary_key=True)
    check: Mapped[Check] = mapped_column(text_enum(Check), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    due_on: Mapped[date]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    given_at: Mapped[datetime]
