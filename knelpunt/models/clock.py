"""Terms with their validity, and the runs of the clocks of a case with their suspensions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.term_changes import TermChangeStatus
from knelpunt.models.base import Base, about, text_enum


class TermRule(Base):
    """How long a clock runs, for cases filed in a period. Loaded from ``data/terms.yaml``.

    ``is_ahead_of_file``: it was changed in the site, and the file does not say so yet.
    """

    __tablename__ = "terms"
    __personal__ = about(nobody="clock unit source")
    __table_args__ = (UniqueConstraint("clock", "valid_from", "length"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clock: Mapped[Clock] = mapped_column(text_enum(Clock))
    length: Mapped[int]
    unit: Mapped[Unit] = mapped_column(text_enum(Unit))
    may_be_suspended: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    is_ahead_of_file: Mapped[bool] = mapped_column(default=False, server_default=false())


class TermChange(Base):
    """One proposal for another term; never changed after its decision.

    ``place``: which of the terms of the clock that hold on a day, shortest first. ``before_length`` and ``before_unit``
    are what held on ``from_day`` when it was proposed, and ``base_digest`` is the fingerprint of all terms of the clock
    at that moment: it is refused when they are others by then.
    """

    __tablename__ = "term_changes"
    __personal__ = about(
        acts="proposed_by_id decided_by_id",
        nobody="clock before_unit unit reason base_digest status note",
    )
    __table_args__ = (
        CheckConstraint("(status = 'voorgesteld') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "status IN ('voorgesteld', 'ingetrokken') OR decided_by_id <> proposed_by_id", name="four_eyes"
        ),
        Index("ix_term_changes_clock", "clock", "id"),
        Index("uq_term_changes_waiting", "clock", unique=True, postgresql_where=text("status = 'voorgesteld'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clock: Mapped[Clock] = mapped_column(text_enum(Clock))
    place: Mapped[int]
    before_length: Mapped[int]
    before_unit: Mapped[Unit] = mapped_column(text_enum(Unit, "before_unit"))
    length: Mapped[int]
    unit: Mapped[Unit] = mapped_column(text_enum(Unit))
    from_day: Mapped[date]
    reason: Mapped[str]
    base_digest: Mapped[str]
    status: Mapped[TermChangeStatus] = mapped_column(text_enum(TermChangeStatus), default=TermChangeStatus.PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]


class ClockPeriod(Base):
    """One run of one clock of one case. Days are legal days; the start day itself does not count.

    ``due_on`` is computed from the start, the term and the suspensions, and kept for lists and figures. ``fell_away``:
    it stopped in time without what it was for, so that no figure counts it.
    """

    __tablename__ = "clock_periods"
    __personal__ = about(nobody="clock unit")
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
    fell_away: Mapped[bool] = mapped_column(default=False, server_default=false())
    suspensions: Mapped[list["ClockSuspension"]] = relationship(
        back_populates="period", order_by="ClockSuspension.id", lazy="raise_on_sql"
    )


class ClockSuspension(Base):
    """A stretch in which a clock stands still: from the day after the request up to and including the day it ended."""

    __tablename__ = "clock_suspensions"
    __personal__ = about(desk_words="reason")

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("clock_periods.id", ondelete="CASCADE"), index=True)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    reason: Mapped[str]
    period: Mapped[ClockPeriod] = relationship(back_populates="suspensions", lazy="raise_on_sql")
