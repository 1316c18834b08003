"""What the desk says of the rules that the system suggests."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.models.base import Base, text_enum


class SuggestionFeedback(Base):
    """One suggestion that somebody confirmed or refused: a provision, or a law or other answer as a whole.

    ``rank`` is the place in which it was shown, 1 for the first. A confirmation of a provision goes with a toets
    (``assessment_id``); without that toets it counts no more. A refusal that was taken back has ``withdrawn_at``.
    """

    __tablename__ = "suggestion_feedback"
    __table_args__ = (
        CheckConstraint("(decision = 'afgewezen') = (reason IS NOT NULL)", name="refusal_has_reason"),
        Index(
            "uq_suggestion_feedback_standing",
            "case_id",
            "law_id",
            text("coalesce(provision_id, 0)"),
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    law_id: Mapped[int] = mapped_column(ForeignKey("laws.id"), index=True)
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id", ondelete="SET NULL"))
    rank: Mapped[int]
    decision: Mapped[SuggestionDecision] = mapped_column(text_enum(SuggestionDecision))
    reason: Mapped[RefusalReason | None] = mapped_column(text_enum(RefusalReason))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
