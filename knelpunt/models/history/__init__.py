"""Files with cases that somebody brings in by the site, and what becomes of each line."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.history.imports import AT_WORK, ImportKind, ImportState, ImportStatus
from knelpunt.models.base import Base, about, text_enum

IS_AT_WORK = "status IN ({})".format(", ".join(f"'{status.value}'" for status in sorted(AT_WORK)))
"""The computer goes on with it: the index and who asks say it in the same SQL."""


class ImportRun(Base):
    """One file that is brought in. Its bytes, its name and its lines are personal data and go after ``ends_on``.

    ``author_id`` loaded it, and after the confirmation is who confirmed it. ``position`` counts the lines that are
    done in what goes on now, ``total`` all lines of the file, once they are known. ``counts`` are the lines by what
    became of them. ``problem`` says why the file as a whole did not come in, or why it stopped.
    """

    __tablename__ = "import_runs"
    __personal__ = about(
        import_file="author_id shown_name", nobody="kind status set_name encoding stored_name sha256 problem counts"
    )
    __table_args__ = (
        CheckConstraint("(kind = 'voorraad') = (organisation_id IS NOT NULL)", name="backlog_has_organisation"),
        Index("ix_import_runs_of", "kind", "organisation_id", text("id DESC")),
        Index("ix_import_runs_at_work", "id", postgresql_where=text(IS_AT_WORK)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(text_enum(ImportKind))
    status: Mapped[ImportStatus] = mapped_column(text_enum(ImportStatus))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    set_name: Mapped[str | None]
    is_csv: Mapped[bool]
    encoding: Mapped[str]
    stored_name: Mapped[str | None] = mapped_column(unique=True)
    shown_name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    problem: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    uploaded_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    ends_on: Mapped[date] = mapped_column(index=True)


class ImportRow(Base):
    """One line of a file: what is wrong with it, and the case or the draft that it became.

    ``place`` counts the lines that hold something, ``line`` is the number in the file. ``faults`` are pairs of a column
    and what is wrong there. ``remark`` says why it could not be put back.
    """

    __tablename__ = "import_rows"
    __personal__ = about(import_file="own_number title", nobody="state faults remarks draft_key remark")
    __table_args__ = (
        Index("ix_import_rows_state", "run_id", "state", "place"),
        Index("ix_import_rows_own_number", "own_number", "run_id"),
        Index("ix_import_rows_case", "case_id"),
        Index("ix_import_rows_draft", "draft_key"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int]
    own_number: Mapped[str]
    title: Mapped[str]
    state: Mapped[ImportState] = mapped_column(text_enum(ImportState))
    faults: Mapped[list[list[str]]]
    remarks: Mapped[list[str]]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    draft_key: Mapped[str | None]
    remark: Mapped[str | None]
