"""What a submitter adds to a case while filing it, beside the texts."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.models.base import Base


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
