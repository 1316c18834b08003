"""Organisations that file cases or handle them."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.vocabulary import OrganisationKind
from knelpunt.models.base import Base, text_enum


class Organisation(Base):
    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OrganisationKind] = mapped_column(text_enum(OrganisationKind))
    name: Mapped[str]
    abbreviation: Mapped[str | None]
    code: Mapped[str | None] = mapped_column(unique=True)
    tooi_uri: Mapped[str | None] = mapped_column(unique=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipalities.id"), unique=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("provinces.id"), unique=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    needs_co_signature: Mapped[bool] = mapped_column(default=False, server_default=false())
