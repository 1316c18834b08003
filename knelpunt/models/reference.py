"""Provinces and municipalities, with the period in which each existed, and the version of the small tables."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.models.base import Base, about


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
    source: Mapped[str | None]


class ReferenceVersion(Base):
    """One row. Raised in the transaction that changes municipalities, organisations, laws or staff accounts."""

    __tablename__ = "reference_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
