"""The append-only, hash-chained record of everything that was done."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.vocabulary import OPEN_STATUSES, ActorKind, CaseStatus, Result, Verdict
from knelpunt.models.base import Base, about, text_enum

_OPEN = ", ".join(f"'{status}'" for status in sorted(OPEN_STATUSES))
IS_CROSSING = f"(status IN ({_OPEN})) <> (status_before IN ({_OPEN}))"
"""By this act a case came among the open ones or left them. As text, so that the index that holds just these acts is
recognised; each case has two of them, whatever else happens."""

BY_CLIENT, FOR_ORGANISATION = "koppeling", "organisatie"
"""Under these names an event keeps which API client acted, and for which organisation."""


class Event(Base):
    """One act. The database refuses UPDATE, DELETE and TRUNCATE here.

    ``number`` has no gaps. ``happened_on`` is the legal day (Europe/Amsterdam) the act counts for: for history that
    was brought in later it differs from ``recorded_at``. ``status``, ``verdict`` and ``result`` are what holds after
    the act, so that any past moment can be counted again. Holds ids only, never names or texts.
    """

    __tablename__ = "events"
    __personal__ = about(
        acts="actor_id subject data",
        nobody="kind actor_kind status_before status verdict result previous_hash hash",
    )
    __table_args__ = (
        Index("ix_events_case", "case_id", "number"),
        Index("ix_events_actor", "actor_id", "number"),
        Index("ix_events_subject", "subject", "number"),
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
