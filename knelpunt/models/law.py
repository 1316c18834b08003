"""The dated law catalogue: laws, and the provisions in them that block or offer room."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from knelpunt.models.base import Base


class Law(Base):
    """One law, decree or regulation, or a collective name for rules that have no place in the national register.

    ``details`` holds the descriptive fields of the catalogue as they stand there; ``case_keys`` the short names by
    which imported history refers to this law; ``search_text`` the words it is found by, in small letters without
    accents. ``is_ahead_of_file``: it was changed in the site, and the file does not say so yet.
    """

    __tablename__ = "laws"
    __table_args__ = (CheckConstraint("in_force_to >= in_force_from", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    citation_title: Mapped[str]
    abbreviation: Mapped[str | None]
    bwb_id: Mapped[str | None]
    kind: Mapped[str]
    domain: Mapped[str]
    ministry: Mapped[str | None]
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]
    status: Mapped[str]
    confidence: Mapped[str]
    case_keys: Mapped[list[str]]
    search_text: Mapped[str]
    details: Mapped[dict[str, Any]]
    is_ahead_of_file: Mapped[bool] = mapped_column(default=False, server_default=false())
    provisions: Mapped[list["Provision"]] = relationship(
        back_populates="law", order_by="Provision.position", lazy="raise_on_sql"
    )


class Provision(Base):
    """One provision or instrument in one form. Days are legal days in the Netherlands, both ends included.

    An incomplete date in the catalogue ("2019-07") is stored generously: its first day as start, its last as end;
    ``details`` keeps the date as written. Where ``start_is_known`` is false the provision may have held before
    ``valid_from``; where ``end_is_known`` is false it may have ended although ``valid_to`` is empty.
    """

    __tablename__ = "provisions"
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    law_id: Mapped[int] = mapped_column(ForeignKey("laws.id"), index=True)
    position: Mapped[int]
    article: Mapped[str]
    instrument: Mapped[str]
    room_type: Mapped[str]
    room_order: Mapped[int]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    start_is_known: Mapped[bool]
    end_is_known: Mapped[bool]
    text_checked_from: Mapped[date | None]
    confidence: Mapped[str]
    search_text: Mapped[str]
    details: Mapped[dict[str, Any]]
    is_ahead_of_file: Mapped[bool] = mapped_column(default=False, server_default=false())
    law: Mapped[Law] = relationship(back_populates="provisions", lazy="raise_on_sql")


class LawSuccession(Base):
    """Which law followed which. Keys, because a neighbour may not be in the catalogue itself."""

    __tablename__ = "law_successions"

    predecessor_key: Mapped[str] = mapped_column(primary_key=True)
    successor_key: Mapped[str] = mapped_column(primary_key=True)


class ProvisionSuccession(Base):
    """Which provision followed which."""

    __tablename__ = "provision_successions"

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("provisions.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("provisions.id"), primary_key=True, index=True)
