"""Requests of people about their own data, and the places in which they are found."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.languages import DUTCH
from knelpunt.domain.privacy.requests import Ground, PlaceDecision, RequestChannel, RequestKind, RequestStatus
from knelpunt.models.base import Base, about, text_enum


class PrivacyRequest(Base):
    """Somebody asks for the own data, or to have them erased (AVG art. 15 and 17).

    ``name`` to ``words`` are what is looked for and where the answer goes; they are emptied once the answer is out, or
    after three months without (``forgotten_on``). ``answered_on``: the answer went out, with the copy where one was
    asked for; ``extension_told_on``: the reason why it takes longer did. ``exported_at``: that copy was made after the
    last decision about a place.
    ``answer`` is what the person reads of the decision, ``proof`` what was done and what stays and why: kinds and
    numbers, no names. The secret link of the person is made from ``public_id`` and ``nonce``.
    """

    __tablename__ = "privacy_requests"
    __personal__ = about(
        privacy_request="name spellings email phone postal_address words identity_how extended_reason answer public_id "
        "nonce language account_id written_by_id checked_by_id decided_by_id",
        nobody="kind channel status proof digest",
    )
    __table_args__ = (
        Index("ix_privacy_requests_open", "due_on", "id", postgresql_where=text("decided_at IS NULL")),
        CheckConstraint("(decided_at IS NULL) = (status IN ('ontvangen', 'identiteit_gecontroleerd'))", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RequestKind] = mapped_column(text_enum(RequestKind))
    channel: Mapped[RequestChannel] = mapped_column(text_enum(RequestChannel))
    status: Mapped[RequestStatus] = mapped_column(text_enum(RequestStatus))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str | None]
    spellings: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    email: Mapped[str | None]
    phone: Mapped[str | None]
    postal_address: Mapped[str | None]
    words: Mapped[str | None]
    language: Mapped[str] = mapped_column(default=DUTCH.code, server_default=DUTCH.code)
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    received_on: Mapped[date]
    due_on: Mapped[date]
    extended_reason: Mapped[str | None]
    extension_told_on: Mapped[date | None]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    identity_how: Mapped[str | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    checked_at: Mapped[datetime | None]
    searched_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    answer: Mapped[str | None]
    proof: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    digest: Mapped[str | None]
    answered_on: Mapped[date | None]
    forgotten_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes

    @property
    def owes_copy(self) -> bool:
        """Whether the answer comes with a copy of the data, that a person sends."""
        return self.kind is RequestKind.ACCESS and self.status is RequestStatus.DONE

    @property
    def owes_reason(self) -> bool:
        """Whether it must still be told why this takes longer."""
        return self.extended_reason is not None and self.extension_told_on is None and self.decided_at is None


class PrivacyPlace(Base):
    """One place in which the person of a request was found: a part of a text, or a file. Its words stay where they
    are; here is only where they stand, with a fingerprint. Gone with the decision.

    ``row_key`` is the primary key of the row, ``path`` the way to the text inside a column of JSON. A file has the
    column ``content`` and no start. ``is_own``: the whole row is about this person and nobody else.
    """

    __tablename__ = "privacy_places"
    __personal__ = about(nobody="table_name column_name row_key path kind words_hash decision ground")
    __table_args__ = (
        UniqueConstraint("request_id", "table_name", "row_key", "column_name", "path", "start"),
        CheckConstraint("(decision = 'laten_staan') = (ground IS NOT NULL)", name="stays_with_ground"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("privacy_requests.id", ondelete="CASCADE"))
    table_name: Mapped[str]
    column_name: Mapped[str]
    row_key: Mapped[list[str]]
    path: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    words_hash: Mapped[str]
    is_own: Mapped[bool] = mapped_column(default=False, server_default=false())
    decision: Mapped[PlaceDecision] = mapped_column(
        text_enum(PlaceDecision), default=PlaceDecision.UNDECIDED, server_default=PlaceDecision.UNDECIDED.value
    )
    ground: Mapped[Ground | None] = mapped_column(text_enum(Ground))
