"""Changes of the law that the desk must look at, and everything that each of them may touch."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.models.base import Base, text_enum


class LawChange(Base):
    """One change in a law or a provision. ``on_day`` is the day from which it works, in Europe/Amsterdam, if known.

    It came from a new version of the catalogue, from a rule bottleneck that was solved, or a person wrote it down.
    """

    __tablename__ = "law_changes"
    __table_args__ = (Index("ix_law_changes_recent", text("noticed_on DESC"), text("id DESC")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LawChangeKind] = mapped_column(text_enum(LawChangeKind))
    law_id: Mapped[int] = mapped_column(ForeignKey("laws.id"), index=True)
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"), index=True)
    bottleneck_id: Mapped[int | None] = mapped_column(ForeignKey("bottlenecks.id"))
    on_day: Mapped[date | None]
    summary: Mapped[str]
    source_url: Mapped[str | None]
    noticed_on: Mapped[date]
    noticed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class LawChangeTouch(Base):
    """A case, ruimtewijzer or rule bottleneck that a change may touch, until a person has said whether it does."""

    __tablename__ = "law_change_touches"
    __table_args__ = (
        CheckConstraint("num_nonnulls(case_id, guide_id, bottleneck_id) = 1", name="one_subject"),
        Index("uq_law_change_touches_case", "change_id", "case_id", unique=True),
        Index("ix_law_change_touches_open", "change_id", "id", postgresql_where=text("status = 'te_beoordelen'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("law_changes.id", ondelete="CASCADE"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    guide_id: Mapped[int | None] = mapped_column(ForeignKey("guides.id", ondelete="CASCADE"))
    bottleneck_id: Mapped[int | None] = mapped_column(ForeignKey("bottlenecks.id", ondelete="CASCADE"))
    status: Mapped[TouchStatus] = mapped_column(text_enum(TouchStatus), default=TouchStatus.OPEN)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
