"""The public text of a case while it is written, and the published record that public pages read."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.vocabulary import Result, SubmitterKind, Theme, Verdict
from knelpunt.models.base import Base, text_enum


class PublicText(Base):
    """A text of its own, written for the public; the file itself is never anonymised."""

    __tablename__ = "public_texts"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    preview_on: Mapped[date | None]
    object_by: Mapped[date | None]
    objection: Mapped[str | None]
    agreed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class PublishedCase(Base):
    """What the public may read of one case: chosen fields, copied at publication. A withdrawn one keeps a tombstone.

    ``joined_municipalities`` are the names of those that filed along. ``provisions`` is a list of
    {law, title, article, role, instrument, on_date} as it stood at publication.
    """

    __tablename__ = "published_cases"
    __table_args__ = (
        Index("ix_published_cases_recent", text("published_on DESC"), text("case_id DESC")),
        Index("ix_published_cases_terms", "terms", postgresql_using="gin"),
        # For the cases that name a rule, or two rules together.
        Index(
            "ix_published_cases_provisions",
            "provisions",
            postgresql_using="gin",
            postgresql_ops={"provisions": "jsonb_path_ops"},
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    verdict: Mapped[Verdict] = mapped_column(text_enum(Verdict))
    result: Mapped[Result | None] = mapped_column(text_enum(Result))
    next_step: Mapped[str | None]
    theme: Mapped[Theme] = mapped_column(text_enum(Theme))
    submitter_kind: Mapped[SubmitterKind] = mapped_column(text_enum(SubmitterKind))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipalities.id"), index=True)
    municipality_then: Mapped[str | None]
    joined_municipalities: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("provinces.id"), index=True)
    main_law_id: Mapped[int | None] = mapped_column(ForeignKey("laws.id"), index=True)
    provisions: Mapped[list[dict[str, Any]]]
    law_date: Mapped[date]
    filed_on: Mapped[date]
    closed_on: Mapped[date | None]
    published_on: Mapped[date]
    corrected_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str | None]
    source_url: Mapped[str | None]
    source_title: Mapped[str | None]
    updated_at: Mapped[datetime]
    terms: Mapped[str] = mapped_column(TSVECTOR)
