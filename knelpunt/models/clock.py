"""Terms with their validity, and the runs of the clocks of a case with their suspensions."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.models.base import Base, text_enum


class TermRule(Base):
    """How long a clock runs, for cases filed in a period. Loaded from ``data/terms.yaml``."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("clock", "valid_from", "length"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clock: Mapped[Clock] = mapped_column(text_enum(Clock))
    length: Mapped[int]
    unit: Mapped[Unit] = mapped_column(text_enum(Unit))
    may_be_suspended: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str]


class ClockPeriod(Base):
    """One run of one clock of one case. Days are legal days; the start day itself does not count.

    ``due_on`` is computed from the start, the term and the suspensions, and kept for lists and figures.
    """

    __tablename__ = "clock_periods"
    __table_args__ = (
        Index("ix_clock_periods_case", "case_id", "id"),
        Index("ix_clock_periods_due", "clock", "due_on", postgresql_where=text("due_on IS NOT NULL")),
        Index("ix_clock_periods_stopped", "stopped_on", "clock"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    clock: Mapped[Clock] = mapped_column(text_enum(Clock))
    started_on: Mapped[date]
    length: Mapped[int]
    unit: Mapped[Unit] = mapped_column(text_enum(Unit))
    due_on: Mapped[date | None]
    stopped_on: Mapped[date | None]
    suspensions: Mapped[list["ClockSuspension"]] = relationship(
        back_populates="period", order_by="ClockSuspension.id", lazy="raise_on_sql"
    )


class ClockSuspension(Base):
    """A stretch in which a clock stands still: from the day after the request up to and including the day it ended."""

    __tablename__ = "clock_suspensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("clock_periods.id", ondelete="CASCADE"), index=True)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    reason: Mapped[str]
    period: Mapped[ClockPeriod] = relationship(back_populates="suspensions", lazy="raise_on_sql")
