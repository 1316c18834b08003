"""What a submitter adds to a case while filing it, beside the texts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.vocabulary import CoSignatureStatus, ParticipantStatus
from knelpunt.models.base import Base, about, text_enum


class PointedRule(Base):
    """A law or provision that the submitter thinks is in the way, as it was searched for on a day.

    Never an assessment: what the rule means for the case is for the desk to say. Without a provision it is the whole
    law.
    """

    __tablename__ = "pointed_rules"
    __table_args__ = (Index("ix_pointed_rules_law_case", "law_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    law_id: Mapped[int] = mapped_column(ForeignKey("laws.id"))
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"), index=True)
    on_date: Mapped[date]


class CoSignature(Base):
    """The signature of a second person under a draft, and later under the case that was made of it.

    A colleague signs with the own account (``signer_id``); somebody beside a resident by a link in a mail to ``email``.
    ``filing_waits``: nothing is filed before the signature. Name and address are personal data, emptied on ``ends_on``
    or with the contact of the case.
    """

    __tablename__ = "co_signatures"
    __personal__ = about(co_signing="name email public_id nonce asked_by_id signer_id reason", nobody="status")
    __table_args__ = (
        CheckConstraint("num_nonnulls(case_id, draft_id) = 1", name="one_owner"),
        CheckConstraint("signer_id <> asked_by_id", name="two_people"),
        Index(
            "uq_co_signatures_one_live",
            "draft_id",
            unique=True,
            postgresql_where=text("status IN ('gevraagd', 'getekend')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    status: Mapped[CoSignatureStatus] = mapped_column(text_enum(CoSignatureStatus), default=CoSignatureStatus.ASKED)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str | None]
    email: Mapped[str | None]
    public_id: Mapped[str | None] = mapped_column(unique=True)
    nonce: Mapped[str | None]
    filing_waits: Mapped[bool]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    ends_on: Mapped[date | None] = mapped_column(index=True)


class CaseParticipant(Base):
    """Another municipality that the filing one named: asked, and then joined or not.

    ``organisation_id`` is the organisation that answered for the municipality. ``email`` is where the question went;
    personal data, emptied on ``ends_on``. The case stays that of ``Case.organisation_id`` and ``Case.municipality_id``
    (decision 0009).
    """

    __tablename__ = "case_participants"
    __personal__ = about(joint_filing="email answered_by_id", nobody="status")
    __table_args__ = (
        UniqueConstraint("case_id", "municipality_id"),
        CheckConstraint("status <> 'doet_mee' OR organisation_id IS NOT NULL", name="joined_by_somebody"),
        Index(
            "ix_case_participants_joined",
            "organisation_id",
            "case_id",
            postgresql_where=text("status = 'doet_mee'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipalities.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    status: Mapped[ParticipantStatus] = mapped_column(text_enum(ParticipantStatus), default=ParticipantStatus.ASKED)
    email: Mapped[str | None]
    asked_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]
    ends_on: Mapped[date] = mapped_column(index=True)


class CasePoint(Base):
    """The point that a submitter gave with the place: "52.09083, 5.12222", degrees north and east (WGS 84).

    Personal data, because it may be somebody's house: removed with the contact of the case or on ``ends_on``, and never
    public.
    """

    __tablename__ = "case_points"
    __personal__ = about(map_point="point")

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    point: Mapped[str]
    ends_on: Mapped[date] = mapped_column(index=True)


class Upload(Base):
    """A file that a system of an organisation sends by pieces, until an act takes it as an attachment.

    ``pieces`` are the random names under which what arrived is kept, in order. How the file is called is told by the
    act that takes it.
    """

    __tablename__ = "uploads"
    __personal__ = about(nobody="public_id pieces")
    __table_args__ = (CheckConstraint("received <= size", name="not_past_the_end"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    size: Mapped[int]
    received: Mapped[int]
    pieces: Mapped[list[str]]
    begun_at: Mapped[datetime]
    ends_at: Mapped[datetime]
