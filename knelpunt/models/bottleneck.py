"""Regelknelpunten: the rule, the cases that meet it, and the news about what becomes of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.bottlenecks import (
    BottleneckChoice,
    BottleneckProposalStatus,
    BottleneckStatus,
    BottleneckStep,
    LinkStatus,
)
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models.base import Base, about, text_enum


class Bottleneck(Base):
    """One rule bottleneck. ``problem``, ``choice_reason`` and ``waiting_for`` are public texts. ``corrections`` tells
    of each change of them on which day it was made, and what changed: {on, what}.

    Days are days in Europe/Amsterdam. ``owner_due_on`` is the last day to name a ministry, by the term of the day of
    signalling. ``news_due_on`` is the last day of clock K7; empty once no news is owed.
    """

    __tablename__ = "bottlenecks"
    __personal__ = about(
        acts="signalled_by_id owner_id",
        nobody="reference title problem status choice choice_reason waiting_for corrections terms",
    )
    __table_args__ = (
        Index("ix_bottlenecks_recent", text("updated_at DESC"), text("id DESC")),
        Index("ix_bottlenecks_news_due_on", "news_due_on", postgresql_where=text("news_due_on IS NOT NULL")),
        Index("ix_bottlenecks_terms", "terms", postgresql_using="gin"),
        CheckConstraint("(status = 'opgegaan_in') = (merged_into_id IS NOT NULL)", name="merged_has_target"),
        CheckConstraint("(status = 'in_werking') <= (in_force_on IS NOT NULL)", name="in_force_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    problem: Mapped[str]
    status: Mapped[BottleneckStatus] = mapped_column(text_enum(BottleneckStatus))
    choice: Mapped[BottleneckChoice | None] = mapped_column(text_enum(BottleneckChoice))
    choice_reason: Mapped[str | None]
    waiting_for: Mapped[str | None]
    ministry_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    signalled_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    signalled_on: Mapped[date]
    owner_due_on: Mapped[date]
    consultation_until: Mapped[date | None]
    in_force_on: Mapped[date | None]
    solving_provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("bottlenecks.id"))
    news_due_on: Mapped[date | None]
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    terms: Mapped[str] = mapped_column(TSVECTOR)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class BottleneckNumber(Base):
    """The last number handed out in a year; its row lock orders simultaneous signals."""

    __tablename__ = "bottleneck_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class BottleneckProvision(Base):
    """A provision that is part of the bottleneck, and whether it blocks or offers (too little) room."""

    __tablename__ = "bottleneck_provisions"
    __personal__ = about(nobody="role")

    bottleneck_id: Mapped[int] = mapped_column(ForeignKey("bottlenecks.id", ondelete="CASCADE"), primary_key=True)
    provision_id: Mapped[int] = mapped_column(ForeignKey("provisions.id"), primary_key=True, index=True)
    role: Mapped[AssessmentRole] = mapped_column(text_enum(AssessmentRole))


class BottleneckCase(Base):
    """A case under a bottleneck. The owner of the bottleneck takes it in, or says why it belongs elsewhere.

    ``why`` says why a case that shares no law with it belongs there all the same; ``reason`` is the owner's. ``passed``
    lists what stands in public of the bottleneck, points at people round the case, and was let stand by
    ``passed_by_id``, who did not put the case there; ``pass_reason`` says why. What the second person of a step let
    stand is listed too. ``looked_at``: when the texts were last compared with these people, who change; ``found_at``:
    since when something points at them that nobody let stand.
    """

    __tablename__ = "bottleneck_cases"
    __personal__ = about(
        desk_words="why reason pass_reason", acts="linked_by_id decided_by_id passed_by_id", nobody="status passed"
    )
    __table_args__ = (CheckConstraint("passed_by_id <> linked_by_id", name="four_eyes"),)

    bottleneck_id: Mapped[int] = mapped_column(ForeignKey("bottlenecks.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True)
    status: Mapped[LinkStatus] = mapped_column(text_enum(LinkStatus))
    why: Mapped[str | None]
    reason: Mapped[str | None]
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    linked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    passed: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    pass_reason: Mapped[str | None]
    passed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    looked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    found_at: Mapped[datetime | None]


class BottleneckNews(Base):
    """One public message about a bottleneck: a step on its way, or that there is no step yet and why.

    An erratum names in ``corrects_id`` the message that said that the bottleneck was in force. ``corrections`` as those
    of the bottleneck itself; ``corrected_at``: the last of them.
    """

    __tablename__ = "bottleneck_news"
    __personal__ = about(acts="author_id", nobody="status body source_url corrections")
    __table_args__ = (Index("ix_bottleneck_news_bottleneck", "bottleneck_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bottleneck_id: Mapped[int] = mapped_column(ForeignKey("bottlenecks.id", ondelete="CASCADE"))
    status: Mapped[BottleneckStatus] = mapped_column(text_enum(BottleneckStatus))
    body: Mapped[str]
    source_url: Mapped[str | None]
    on_day: Mapped[date]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("bottleneck_news.id", ondelete="CASCADE"))
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    corrected_at: Mapped[datetime | None]


class BottleneckProposal(Base):
    """A step that waits for a second person, with all that was filled in; never changed after its decision.

    ``bottleneck_id`` is empty while the signal of a new one waits. ``pass_reason`` says why what points at a person may
    be public all the same.
    """

    __tablename__ = "bottleneck_proposals"
    __personal__ = about(acts="payload proposed_by_id decided_by_id note pass_reason", nobody="step status")
    __table_args__ = (
        CheckConstraint("(status = 'voorgelegd') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("status IN ('voorgelegd', 'ingetrokken') OR decided_by_id <> proposed_by_id", name="four_eyes"),
        CheckConstraint("step = 'regelknelpunt_gesignaleerd' OR bottleneck_id IS NOT NULL", name="has_bottleneck"),
        Index(
            "uq_bottleneck_proposals_waiting",
            "bottleneck_id",
            unique=True,
            postgresql_where=text("status = 'voorgelegd'"),
        ),
        Index("ix_bottleneck_proposals_open", "id", postgresql_where=text("status = 'voorgelegd'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bottleneck_id: Mapped[int | None] = mapped_column(ForeignKey("bottlenecks.id", ondelete="CASCADE"), index=True)
    step: Mapped[BottleneckStep] = mapped_column(text_enum(BottleneckStep))
    payload: Mapped[dict[str, Any]]
    status: Mapped[BottleneckProposalStatus] = mapped_column(
        text_enum(BottleneckProposalStatus), default=BottleneckProposalStatus.OPEN
    )
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
    pass_reason: Mapped[str | None]


class BottleneckFollower(Base):
    """An e-mail address that wants to hear of news, after its owner confirmed it. Personal data; ends on ``ends_on``,
    or at once when its owner stops following."""

    __tablename__ = "bottleneck_followers"
    __personal__ = about(follower="email public_id nonce language")
    __table_args__ = (UniqueConstraint("bottleneck_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bottleneck_id: Mapped[int] = mapped_column(ForeignKey("bottlenecks.id", ondelete="CASCADE"))
    email: Mapped[str]
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ends_on: Mapped[date] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(default=DUTCH.code, server_default=DUTCH.code)
