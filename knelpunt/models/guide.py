"""The ruimtewijzer: its versions, the provisions it leans on, who claims and follows it, and what it answered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.guides.track import ClaimOutcome, GuideOrigin, GuideStatus
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.vocabulary import Theme
from knelpunt.models.base import Base, about, text_enum


class Guide(Base):
    """One ruimtewijzer. Readers see version ``published_number``; the desk works on ``latest_number``.

    ``review_due_on`` is the last day before it must be looked at again. ``terms`` is what the published version is
    found by.
    """

    __tablename__ = "guides"
    __personal__ = about(guide_texts="recheck_reason expired_reason", nobody="slug status terms")
    __table_args__ = (
        Index("ix_guides_terms", "terms", postgresql_using="gin"),
        Index("ix_guides_review_due", "review_due_on", postgresql_where=text("status = 'publiek'")),
        CheckConstraint("(status IN ('concept', 'juridisch_getoetst')) = (published_number IS NULL)", name="published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    status: Mapped[GuideStatus] = mapped_column(text_enum(GuideStatus))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    latest_number: Mapped[int]
    published_number: Mapped[int | None]
    review_due_on: Mapped[date | None]
    recheck_reason: Mapped[str | None]
    expired_on: Mapped[date | None]
    expired_reason: Mapped[str | None]
    updated_at: Mapped[datetime]
    terms: Mapped[str | None] = mapped_column(TSVECTOR)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class GuideVersion(Base):
    """What a guide said in one version; one that was published is never changed again. See ``GuideText``.

    ``passed`` lists the finds of personal details that the second person let stand, and ``pass_reason`` says why.
    """

    __tablename__ = "guide_versions"
    __personal__ = about(
        guide_texts="written_by_id reviewed_by_id review_remark pass_reason",
        nobody=(
            "question short_answer room conditions who_decides model_text search_words theme room_type audiences "
            "confidence confidence_note rules examples sources origin file_digest passed"
        ),
    )
    __table_args__ = (UniqueConstraint("guide_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    guide_id: Mapped[int] = mapped_column(ForeignKey("guides.id", ondelete="CASCADE"))
    number: Mapped[int]
    question: Mapped[str]
    short_answer: Mapped[str]
    room: Mapped[str]
    conditions: Mapped[str]
    who_decides: Mapped[str]
    model_text: Mapped[str]
    search_words: Mapped[str]
    theme: Mapped[Theme] = mapped_column(text_enum(Theme))
    room_type: Mapped[RoomType] = mapped_column(text_enum(RoomType))
    audiences: Mapped[list[str]]
    confidence: Mapped[Confidence] = mapped_column(text_enum(Confidence))
    confidence_note: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    rules: Mapped[list[dict[str, Any]]]
    examples: Mapped[list[dict[str, Any]]]
    sources: Mapped[list[dict[str, Any]]]
    origin: Mapped[GuideOrigin] = mapped_column(text_enum(GuideOrigin))
    file_digest: Mapped[str | None]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reviewed_on: Mapped[date | None]
    review_remark: Mapped[str | None]
    passed: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    pass_reason: Mapped[str | None]
    published_on: Mapped[date | None]


class GuideProvision(Base):
    """A provision that the published version leans on; ``digest`` is what it held when somebody last looked."""

    __tablename__ = "guide_provisions"
    __personal__ = about(nobody="digest")

    guide_id: Mapped[int] = mapped_column(ForeignKey("guides.id", ondelete="CASCADE"), primary_key=True)
    provision_id: Mapped[int] = mapped_column(ForeignKey("provisions.id"), primary_key=True, index=True)
    digest: Mapped[str]


class GuideClaim(Base):
    """A municipality that says "dit gaan wij ook doen", and what came of it when it was asked some months later, or
    after a year."""

    __tablename__ = "guide_claims"
    __personal__ = about(guide_use="account_id project outcome_reason", nobody="outcome")
    __table_args__ = (
        Index("ix_guide_claims_due", "ask_on", "id", postgresql_where=text("asked_at IS NULL AND outcome IS NULL")),
        Index("ix_guide_claims_guide", "guide_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guide_id: Mapped[int] = mapped_column(ForeignKey("guides.id", ondelete="CASCADE"))
    guide_number: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipalities.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    project: Mapped[str]
    starts_on: Mapped[date]
    claimed_on: Mapped[date]
    ask_on: Mapped[date]
    asked_at: Mapped[datetime | None]
    asked_again_at: Mapped[datetime | None]
    outcome: Mapped[ClaimOutcome | None] = mapped_column(text_enum(ClaimOutcome))
    outcome_reason: Mapped[str | None]
    answered_on: Mapped[date | None]


class GuideFollower(Base):
    """An e-mail address that wants to hear of changes, after its owner confirmed it. Personal data; ends on
    ``ends_on``, or at once when its owner stops following."""

    __tablename__ = "guide_followers"
    __personal__ = about(follower="email public_id nonce language")
    __table_args__ = (UniqueConstraint("guide_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    guide_id: Mapped[int] = mapped_column(ForeignKey("guides.id", ondelete="CASCADE"))
    email: Mapped[str]
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ends_on: Mapped[date] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(default=DUTCH.code, server_default=DUTCH.code)


class GuideDeflection(Base):
    """Somebody said "dit beantwoordt mijn vraag". The day and the page, and nothing about who it was."""

    __tablename__ = "guide_deflections"
    __table_args__ = (
        Index("ix_guide_deflections_guide_day", "guide_id", "on_day"),
        Index("ix_guide_deflections_on_day", "on_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guide_id: Mapped[int] = mapped_column(ForeignKey("guides.id", ondelete="CASCADE"))
    on_day: Mapped[date]
