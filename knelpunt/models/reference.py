"""Provinces and municipalities, with the period in which each existed, how they merge, and the versions of the small
tables and of what is public."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.domain.mergers import MergerStatus
from knelpunt.models.base import Base, about, text_enum


class Province(Base):
    __tablename__ = "provinces"
    __personal__ = about(nobody="code name iso_code")

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    iso_code: Mapped[str]


class Municipality(Base):
    """One municipality as CBS numbers it; a former one points at the one that its area went to (the largest part)."""

    __tablename__ = "municipalities"
    __personal__ = about(nobody="code name source")

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("municipalities.id"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    tile_x: Mapped[int | None]
    tile_row: Mapped[int | None]
    inhabitants: Mapped[int | None]
    source: Mapped[str | None]


class MunicipalityUrbanity(Base):
    """How urban a municipality is by one list; a case takes the newest that had begun when it was filed."""

    __tablename__ = "municipality_urbanity"
    __personal__ = about(nobody="urbanity")
    __table_args__ = (UniqueConstraint("municipality_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipalities.id"))
    since: Mapped[date]
    urbanity: Mapped[Urbanity] = mapped_column(text_enum(Urbanity))


class Merger(Base):
    """Municipalities that go up in one on a day: proposed by one administrator, decided by another, done by the worker.

    ``code``, ``name`` and ``province_id`` are of the municipality that receives; ``municipality_id`` is its row, made
    on the day when it is new. ``followed`` counts what went along, by the names of ``domain.mergers.FOLLOWING``.
    """

    __tablename__ = "mergers"
    __personal__ = about(mergers="reason proposed_by_id decided_by_id ended_by_id", nobody="code name status followed")
    __table_args__ = (
        CheckConstraint("decided_by_id <> proposed_by_id", name="four_eyes"),
        CheckConstraint("(status = 'uitgevoerd') = (done_at IS NOT NULL)", name="done"),
        Index("ix_mergers_due", "day", postgresql_where=text("status = 'gepland'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    code: Mapped[str]
    name: Mapped[str]
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipalities.id"))
    reason: Mapped[str]
    status: Mapped[MergerStatus] = mapped_column(text_enum(MergerStatus))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    followed: Mapped[dict[str, Any] | None]


class MergerMunicipality(Base):
    """A municipality that ends by a merger."""

    __tablename__ = "merger_municipalities"

    merger_id: Mapped[int] = mapped_column(ForeignKey("mergers.id", ondelete="CASCADE"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipalities.id"), primary_key=True, index=True)


class MergerException(Base):
    """An account or a case that goes elsewhere, because its part of the municipality does: a split over several."""

    __tablename__ = "merger_exceptions"
    __personal__ = about(mergers="account_id")
    __table_args__ = (CheckConstraint("num_nonnulls(account_id, case_id) = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merger_id: Mapped[int] = mapped_column(ForeignKey("mergers.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipalities.id"))


class PublicVersion(Base):
    """One row. Triggers give it another version in each transaction that changes what public pages show."""

    __tablename__ = "public_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[UUID]


class OpenDataFile(Base):
    """A file of all that was public of one kind when it was made. Its name never stands for other bytes.

    ``public_version`` is that of what is public, and ``last_event`` the number of the last event, both read before the
    file was made: what a later event took away may be in it. ``columns_version`` tells with which columns it was made.
    """

    __tablename__ = "open_data_files"
    __personal__ = about(nobody="name data_set form public_version sha256 stored_name")

    name: Mapped[str] = mapped_column(primary_key=True)
    data_set: Mapped[str]
    form: Mapped[str]
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    public_version: Mapped[str]
    last_event: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    columns_version: Mapped[int] = mapped_column(server_default=text("0"))
    lines: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    stored_name: Mapped[str] = mapped_column(unique=True)


class ReferenceVersion(Base):
    """One row. Raised in the transaction that changes municipalities, organisations, laws or staff accounts."""

    __tablename__ = "reference_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
