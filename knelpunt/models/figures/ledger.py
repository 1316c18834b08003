"""The ledger of the figures: facts of cases and their totals, which follow from the events and can be made again."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.models.base import Base, about

PRESSED_PROVISION = "coalesce(provision_id, 0)"
PRESSED_UNTIL = "coalesce(until, 'infinity'::date)"
"""By which facts that press are found: the index and who reads it say it in the same SQL."""


class FigureFact(Base):
    """One fact of a case, as ``domain/figures/ledger.py`` tells it. Closed lists stand as their values."""

    __tablename__ = "figure_facts"
    __personal__ = about(nobody="kind article verdict result clock what")
    __table_args__ = (
        Index("ix_figure_facts_case", "case_id"),
        Index("ix_figure_facts_quarter", "kind", "quarter", "case_id"),
        Index(
            "ix_figure_facts_pressed",
            "law_id",
            text(PRESSED_PROVISION),
            text(PRESSED_UNTIL),
            postgresql_include=["quarter", "article", "municipality_id", "provision_id", "until"],
            postgresql_where=text("kind = 'knelt'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    kind: Mapped[str]
    quarter: Mapped[date]
    until: Mapped[date | None]
    on_day: Mapped[date | None]
    law_id: Mapped[int | None] = mapped_column(ForeignKey("laws.id"))
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"))
    article: Mapped[str | None]
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipalities.id"))
    verdict: Mapped[str | None]
    result: Mapped[str | None]
    clock: Mapped[str | None]
    is_late: Mapped[bool | None]
    days: Mapped[int | None]
    net: Mapped[int | None]
    term: Mapped[int | None]
    what: Mapped[str | None]


class FigureTotal(Base):
    """How many facts share a kind, a quarter and a side. Of what lasts it is the change in that quarter.

    On the day ``ALL`` of ``domain/figures/ledger.py`` stands the sum of all quarters.
    """

    __tablename__ = "figure_totals"
    __personal__ = about(nobody="kind split side")

    kind: Mapped[str] = mapped_column(primary_key=True)
    split: Mapped[str] = mapped_column(primary_key=True)
    quarter: Mapped[date] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]


class LedgerBuild(Base):
    """That the whole ledger was made from the events, when, and by which version of its rules. One row."""

    __tablename__ = "ledger_builds"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    built_at: Mapped[datetime]
