"""Sealed quarters: the request, the seal that nothing changes, and the corrections beside it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.figures.sealing import FileStatus, SealingStatus
from knelpunt.models.base import Base, about, text_enum


class QuarterSealing(Base):
    """The request of one person to seal a quarter, and what a second person decided about it.

    ``digest`` is that of the figures which the first person saw, ``promises_digest`` that of the promises (None: the
    request is from before those were sealed) and ``promised`` their numbers, owed and kept by promise (None: it is from
    before those were kept); ``explanations`` say by check why it may stay so.
    """

    __tablename__ = "quarter_sealings"
    __personal__ = about(
        acts="asked_by_id decided_by_id", nobody="digest promises_digest promised explanations status remark"
    )
    __table_args__ = (
        Index("uq_quarter_sealings_asked", "quarter", unique=True, postgresql_where=text("status = 'gevraagd'")),
        CheckConstraint("(status = 'gevraagd') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("status <> 'verzegeld' OR decided_by_id <> asked_by_id", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[date]
    digest: Mapped[str]
    promises_digest: Mapped[str | None]
    promised: Mapped[dict[str, list[int]] | None] = mapped_column(JSONB)
    explanations: Mapped[dict[str, str]]
    status: Mapped[SealingStatus] = mapped_column(text_enum(SealingStatus))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str | None]


class QuarterSeal(Base):
    """The figures of a quarter as two persons sealed them. The database refuses UPDATE, DELETE and TRUNCATE here.

    ``content`` is the canonical form, ``sha256`` its digest; the event named is the last one that it counts. What was
    put together after the fact from public sources (``is_reconstructed``) nobody asked for or sealed.
    """

    __tablename__ = "quarter_seals"
    __personal__ = about(acts="asked_by_id sealed_by_id", nobody="content sha256 event_hash")
    __table_args__ = (
        CheckConstraint(
            "is_reconstructed = (asked_by_id IS NULL) AND is_reconstructed = (sealed_by_id IS NULL)", name="two_persons"
        ),
    )

    quarter: Mapped[date] = mapped_column(primary_key=True)
    content: Mapped[str]
    sha256: Mapped[str]
    event_number: Mapped[int]
    event_hash: Mapped[str]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    sealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    sealed_at: Mapped[datetime]
    is_reconstructed: Mapped[bool] = mapped_column(server_default=text("false"), default=False)


class QuarterEdition(Base):
    """What everybody may read of a sealed quarter, as ``domain/figures/edition.py`` writes it down. It never changes:
    another choice of what to hide would let readers work out what either of the two hides.
    """

    __tablename__ = "quarter_editions"
    __personal__ = about(nobody="content sha256")

    quarter: Mapped[date] = mapped_column(ForeignKey("quarter_seals.quarter"), primary_key=True)
    content: Mapped[str]
    sha256: Mapped[str]
    made_at: Mapped[datetime]


class QuarterFile(Base):
    """A form of a public quarter: asked for, made by the worker, or failed with the reason.

    ``source`` is the digest of what it was made from, so that a file of before a correction is not given out after it.
    ``size`` and ``sha256`` are of its bytes, as the database reckons them.
    """

    __tablename__ = "quarter_files"
    __personal__ = about(nobody="form status source reason sha256")
    __table_args__ = (
        CheckConstraint("(status = 'klaar') = (content IS NOT NULL)", name="made"),
        CheckConstraint("(status = 'mislukt') = (reason IS NOT NULL)", name="failed"),
    )

    quarter: Mapped[date] = mapped_column(ForeignKey("quarter_seals.quarter"), primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[FileStatus] = mapped_column(text_enum(FileStatus))
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    source: Mapped[str] = mapped_column(server_default=text("''"), default="")
    reason: Mapped[str | None]
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    size: Mapped[int | None] = mapped_column(Computed("octet_length(content)", persisted=True))
    sha256: Mapped[str | None] = mapped_column(Computed("encode(sha256(content), 'hex')", persisted=True))


class QuarterErratum(Base):
    """A correction beside a figure of a sealed quarter, which itself stays. As immutable as the seal."""

    __tablename__ = "quarter_errata"
    __personal__ = about(acts="made_by_id", nobody="place sealed_as should_be reason")

    quarter: Mapped[date] = mapped_column(ForeignKey("quarter_seals.quarter"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[str]
    sealed_as: Mapped[str]
    should_be: Mapped[str]
    reason: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
