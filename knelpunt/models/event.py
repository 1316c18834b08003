"""The append-only, hash-chained record of everything that was done, and the ledger of the figures made from it.

The ledger holds facts of cases and their totals. Both follow from the events and can be made again.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.figures.sealing import SealingStatus
from knelpunt.domain.vocabulary import OPEN_STATUSES, ActorKind, CaseStatus, Result, Verdict
from knelpunt.models.base import Base, text_enum

_OPEN = ", ".join(f"'{status}'" for status in sorted(OPEN_STATUSES))
IS_CROSSING = f"(status IN ({_OPEN})) <> (status_before IN ({_OPEN}))"
"""By this act a case came among the open ones or left them. As text, so that the index that holds just these acts is
recognised; each case has two of them, whatever else happens."""


class Event(Base):
    """One act. The database refuses UPDATE, DELETE and TRUNCATE here.

    ``number`` has no gaps. ``happened_on`` is the legal day (Europe/Amsterdam) the act counts for: for history that
    was brought in later it differs from ``recorded_at``. ``status``, ``verdict`` and ``result`` are what holds after
    the act, so that any past moment can be counted again. Holds ids only, never names or texts.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_case", "case_id", "number"),
        Index("ix_events_kind_day", "kind", "happened_on", "case_id"),
        Index(
            "ix_events_crossing",
            "happened_on",
            "case_id",
            "number",
            postgresql_include=["status", "verdict", "result"],
            postgresql_where=text(IS_CROSSING),
        ),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime]
    happened_on: Mapped[date]
    kind: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    subject: Mapped[str | None]
    actor_kind: Mapped[ActorKind] = mapped_column(text_enum(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    status_before: Mapped[CaseStatus | None] = mapped_column(text_enum(CaseStatus, "casestatus_before"))
    status: Mapped[CaseStatus | None] = mapped_column(text_enum(CaseStatus))
    verdict: Mapped[Verdict | None] = mapped_column(text_enum(Verdict))
    result: Mapped[Result | None] = mapped_column(text_enum(Result))
    data: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class FigureFact(Base):
    """One fact of a case, as ``domain/figures/ledger.py`` tells it. Closed lists stand as their values."""

    __tablename__ = "figure_facts"
    __table_args__ = (
        Index("ix_figure_facts_case", "case_id"),
        Index("ix_figure_facts_quarter", "kind", "quarter", "case_id"),
        Index(
            "ix_figure_facts_pressed",
            "law_id",
            "provision_id",
            postgresql_include=["quarter", "until", "article", "municipality_id"],
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
    """How many facts share a kind, a quarter and a side. Of what lasts it is the change in that quarter."""

    __tablename__ = "figure_totals"

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


class QuarterSealing(Base):
    """The request of one person to seal a quarter, and what a second person decided about it.

    ``digest`` is that of the figures which the first person saw; ``explanations`` say by check why it may stay so.
    """

    __tablename__ = "quarter_sealings"
    __table_args__ = (
        Index("uq_quarter_sealings_asked", "quarter", unique=True, postgresql_where=text("status = 'gevraagd'")),
        CheckConstraint("(status = 'gevraagd') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("status <> 'verzegeld' OR decided_by_id <> asked_by_id", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[date]
    digest: Mapped[str]
    explanations: Mapped[dict[str, str]]
    status: Mapped[SealingStatus] = mapped_column(text_enum(SealingStatus))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str | None]


class QuarterSeal(Base):
    """The figures of a quarter as two persons sealed them. The database refuses UPDATE, DELETE and TRUNCATE here.

    ``content`` is the canonical form, ``sha256`` its digest; the event named is the last one that it counts.
    """

    __tablename__ = "quarter_seals"

    quarter: Mapped[date] = mapped_column(primary_key=True)
    content: Mapped[str]
    sha256: Mapped[str]
    event_number: Mapped[int]
    event_hash: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    sealed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    sealed_at: Mapped[datetime]


class QuarterErratum(Base):
    """A correction beside a figure of a sealed quarter, which itself stays. As immutable as the seal."""

    __tablename__ = "quarter_errata"

    quarter: Mapped[date] = mapped_column(ForeignKey("quarter_seals.quarter"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[str]
    sealed_as: Mapped[str]
    should_be: Mapped[str]
    reason: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]


class DefinitionAgreement(Base):
    """That a partner agreed to a version of the definition of a figure; ``figure`` is its name in its address."""

    __tablename__ = "definition_agreements"
    __table_args__ = (
        Index(
            "uq_definition_agreements_in_use",
            "figure",
            "version",
            "partner",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    figure: Mapped[str]
    version: Mapped[int]
    partner: Mapped[str]
    agreed_on: Mapped[date]
    source_url: Mapped[str | None]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    noted_at: Mapped[datetime]
    ended_on: Mapped[date | None]


class MinistryReply(Base):
    """What a ministry says about its own number in a quarter. Public beside it; a later one takes its place."""

    __tablename__ = "ministry_replies"
    __table_args__ = (Index("ix_ministry_replies_quarter", "quarter", "ministry_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[date]
    ministry_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    words: Mapped[str]
    given_on: Mapped[date]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    noted_at: Mapped[datetime]
