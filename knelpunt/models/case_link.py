"""How cases belong together. Cases of different submitters are never merged; they are linked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.vocabulary import CaseLinkKind
from knelpunt.models.base import Base, text_enum


class CaseLink(Base):
    """One link between two cases: ``case_id`` is the later one for a follow-up, a part that was split off, or a
    duplicate; else the one with the lower number."""

    __tablename__ = "case_links"
    __table_args__ = (CheckConstraint("case_id <> other_id", name="two_cases"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[CaseLinkKind] = mapped_column(text_enum(CaseLinkKind))
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    linked_at: Mapped[datetime]
