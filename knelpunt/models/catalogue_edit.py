"""Proposals to change the law catalogue, and what a second administrator decided about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.laws.edits import EditStatus, EntryKind
from knelpunt.models.base import Base, text_enum


class CatalogueEdit(Base):
    """One proposal for one law or provision, as the catalogue file writes it; never changed after its decision.

    ``before`` is empty for a new entry. ``base_digest`` is the fingerprint of the entry that it was written on: it is
    refused when the entry is another one by then. ``neighbour_keys`` are laws that were changed along, because both
    sides of a succession name each other.
    """

    __tablename__ = "catalogue_edits"
    __table_args__ = (
        CheckConstraint("(status = 'voorgesteld') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "status IN ('voorgesteld', 'ingetrokken') OR decided_by_id <> proposed_by_id", name="four_eyes"
        ),
        Index("ix_catalogue_edits_entry", "kind", "key", "id"),
        Index(
            "uq_catalogue_edits_waiting", "kind", "key", unique=True, postgresql_where=text("status = 'voorgesteld'")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(text_enum(EntryKind))
    key: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any]]
    base_digest: Mapped[str]
    reason: Mapped[str]
    source_url: Mapped[str]
    status: Mapped[EditStatus] = mapped_column(text_enum(EditStatus), default=EditStatus.PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
    neighbour_keys: Mapped[list[str]] = mapped_column(default=list)
