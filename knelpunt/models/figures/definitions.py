"""Who agreed to the definition of a figure, and what a ministry says about its own."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.models.base import Base, about


class DefinitionAgreement(Base):
    """That a partner agreed to a version of the definition of a figure; ``figure`` is its name in its address."""

    __tablename__ = "definition_agreements"
    __personal__ = about(acts="noted_by_id", nobody="figure partner source_url")
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
    """What a ministry says about its own number in a quarter. Public beside it; a later one takes its place, and one
    without words takes it back."""

    __tablename__ = "ministry_replies"
    __personal__ = about(acts="noted_by_id", nobody="words")
    __table_args__ = (Index("ix_ministry_replies_quarter", "quarter", "ministry_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[date]
    ministry_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    words: Mapped[str]
    given_on: Mapped[date]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    noted_at: Mapped[datetime]
