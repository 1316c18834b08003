"""The versions of the fixed texts of letters, for who writes them and who agrees to them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Account, LetterVersion

_Writer, _Decider = aliased(Account), aliased(Account)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of one letter. Empty ``theme`` and ``outcome``: for all."""

    id: int
    kind: str
    language: str
    theme: str
    outcome: str
    number: int
    plain: str
    legal: str
    written_at: datetime
    decided_at: datetime | None
    is_agreed: bool
    remark: str | None
    written_by_id: int
    writer: str
    decider: str | None

    @property
    def mail_kind(self) -> MailKind:
        """The letter that it is a version of."""
        return MailKind(self.kind)

    @property
    def is_end(self) -> bool:
        """Whether it says that there is no text of its own here any more."""
        return not self.plain

    def with_words(self, plain: str, legal: str) -> "VersionRow":
        """The same with other words."""
        return replace(self, plain=plain, legal=legal)

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has yet to look."""
        return self.decided_at is None


def _rows() -> Select[Any]:
    own = [getattr(LetterVersion, name) for name in VersionRow.__slots__ if name not in ("writer", "decider")]
    return (
        select(*own, _Writer.name, _Decider.name)
        .join(_Writer, _Writer.id == LetterVersion.written_by_id)
        .outerjoin(_Decider, _Decider.id == LetterVersion.decided_by_id)
    )


def versions(session: Session, kind: MailKind | None = None) -> list[VersionRow]:
    """The versions of one letter, or of all: Dutch first, by topic and outcome, the newest first."""
    statement = _rows().order_by(
        LetterVersion.kind,
        LetterVersion.language.desc(),
        LetterVersion.outcome,
        LetterVersion.theme,
        LetterVersion.number.desc(),
    )
    if kind is not None:
        statement = statement.where(LetterVersion.kind == kind.value)
    return [VersionRow(*row) for row in session.execute(statement)]


def one(session: Session, version_id: int) -> VersionRow | None:
    """One version."""
    row = session.execute(_rows().where(LetterVersion.id == version_id)).one_or_none()
    return VersionRow(*row) if row is not None else None


def before(session: Session, version: VersionRow) -> VersionRow | None:
    """The version that was agreed to before this one; None when that is the one that ships."""
    row = session.execute(
        _rows()
        .where(
            LetterVersion.kind == version.kind,
            LetterVersion.language == version.language,
            LetterVersion.theme == version.theme,
            LetterVersion.outcome == version.outcome,
            LetterVersion.number < version.number,
            LetterVersion.is_agreed,
        )
        .order_by(LetterVersion.number.desc())
        .limit(1)
    ).one_or_none()
    return VersionRow(*row) if row is not None else None


def count_waiting(session: Session) -> int:
    """How many versions wait for a second person."""
    waiting = select(func.count()).select_from(LetterVersion).where(LetterVersion.decided_at.is_(None))
    return session.scalar(waiting) or 0
